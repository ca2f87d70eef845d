/** A `fetch` that takes no answer whose shape the table of routes does not promise: for tests against running nodes. */
import type { TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";

import { ErrorBody } from "./errors.ts";
import { routes, type ApiRouteName } from "./routes.ts";
import type { Route } from "./route.ts";

/** An answer that differs from what its route declares. */
export class AnswerMismatch extends Error {
  override readonly name = "AnswerMismatch";
  /** Where, and how. */
  readonly mistakes: readonly string[];

  constructor(asked: string, status: number, mistakes: readonly string[]) {
    super(`${asked} answered ${status}, unlike its schema: ${mistakes.join("; ")}`);
    this.mistakes = mistakes;
  }
}

/** Wraps a `fetch`. Answers of what is no route, and those that are not JSON, pass as they are. Throws `AnswerMismatch`. */
export function createCheckedFetch(fetch: typeof globalThis.fetch = globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const url = new URL(input instanceof Request ? input.url : input);
    const method = (init?.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase();
    const found = matchers.find((each) => each.method === method && each.pattern.test(url.pathname));
    if (found !== undefined) await check(found.name, response);
    return response;
  };
}

async function check(name: ApiRouteName, response: Response): Promise<void> {
  const { status } = response;
  const schema = status >= 400 ? ErrorBody : (routes[name] as Route).responses[status];
  if (status === 304 || (status >= 300 && status < 400 && schema === undefined)) return;
  if (schema === undefined) throw new AnswerMismatch(name, status, ["the route does not declare this status"]);
  const text = await response.clone().text();
  if (schema === null) {
    if (text !== "") throw new AnswerMismatch(name, status, ["it has a body"]);
    return;
  }
  if (!/^application\/json\b/.test(response.headers.get("content-type") ?? "")) return;
  const validator = validatorOf(schema);
  const body: unknown = JSON.parse(text);
  if (validator.Check(body)) return;
  throw new AnswerMismatch(
    name,
    status,
    validator.Errors(body).map(({ instancePath, message }) => `${instancePath} ${message}`),
  );
}

/** Compiled once for each schema; building one takes about a millisecond. */
const validators = new Map<TSchema, Validator>();

function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema) ?? Compile(schema);
  validators.set(schema, known);
  return known;
}

/** Templates with fewer parameters go first, so that `/user/repos` is not taken for somebody's name. */
const matchers = (Object.keys(routes) as ApiRouteName[])
  .map((name) => ({ name, ...matcherOf(name) }))
  .toSorted((left, right) => left.parameterCount - right.parameterCount);

function matcherOf(name: string): { method: string; pattern: RegExp; parameterCount: number } {
  const [method = "", template = ""] = name.split(" ");
  const source = template
    .split(/(\{\+?\w+\})/)
    .map((part) => (part.startsWith("{+") ? ".+" : part.startsWith("{") ? "[^/]+" : part.replaceAll(".", "\\.")))
    .join("");
  return { method, pattern: new RegExp(`^${source}$`), parameterCount: template.split("{").length - 1 };
}
