/** Holds what a node answers below `/api/v3` against GitHub's own description of its answers. */
import { readFileSync } from "node:fs";
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";

import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

interface Description {
  readonly operations: Readonly<Record<string, Readonly<Record<string, object | false>>>>;
  readonly definitions: object;
}

/** What a client received. */
export interface ReceivedAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

const description = JSON.parse(
  readFileSync(new URL("./github-responses.json", import.meta.url), "utf8"),
) as Description;
const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
(addFormats as unknown as (target: Ajv) => void)(ajv);
const validators = new Map<string, ValidateFunction>();
/** Templates with fewer parameters go first, so that `/user/repos` is not taken for somebody's name. */
const operations = Object.entries(description.operations)
  .map(([name, answers]) => ({ name, answers, ...matcherOf(name) }))
  .toSorted((left, right) => left.parameterCount - right.parameterCount);

/** What is wrong with an answer by GitHub's description; nothing when GitHub does not have or describe it. */
export function findMismatches({ method, path, status, contentType, body }: ReceivedAnswer): readonly string[] {
  const operation = operations.find((each) => each.method === method && each.pattern.test(path));
  if (operation === undefined || status === 304) return [];
  const schema = operation.answers[status];
  if (schema === undefined) return status < 300 ? [`${operation.name} answers ${status}, which GitHub never does`] : [];
  // A refusal says why also where GitHub's description has no body for it; GitHub itself does.
  if (schema === false)
    return body.length === 0 || status >= 400 ? [] : [`${operation.name} answers ${status} with a body`];
  // Other media types are given on demand: raw files, patches.
  if (!/^application\/([\w.+-]+\+)?json\b/.test(contentType)) return [];
  const validate = validatorOf(`${operation.name} ${status}`, schema);
  if (validate(JSON.parse(body.toString()))) return [];
  return validate.errors!.map(({ instancePath, message }) => `${operation.name} ${status} ${instancePath}: ${message}`);
}

/** Watches all answers of a server; the list grows with what is wrong. */
export function watchGithubShapes(server: HttpServer): readonly string[] {
  const mismatches: string[] = [];
  server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    const keep = (chunk: unknown): void => {
      if (typeof chunk === "string" || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    };
    const write = response.write.bind(response) as (...args: readonly unknown[]) => boolean;
    const end = response.end.bind(response) as (...args: readonly unknown[]) => ServerResponse;
    response.write = (...args: readonly unknown[]) => {
      keep(args[0]);
      return write(...args);
    };
    response.end = (...args: readonly unknown[]) => {
      keep(args[0]);
      return end(...args);
    };
    response.once("finish", () => {
      const [path = ""] = (request.url ?? "").split("?");
      const contentType = String(response.getHeader("content-type") ?? "");
      const { method = "" } = request;
      const { statusCode: status } = response;
      mismatches.push(...findMismatches({ method, path, status, contentType, body: Buffer.concat(chunks) }));
    });
  });
  return mismatches;
}

function matcherOf(name: string): { method: string; pattern: RegExp; parameterCount: number } {
  const [method = "", template = ""] = name.split(" ");
  const source = template
    .replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\{\\\+\w+\}/g, ".+")
    .replaceAll(/\{\w+\}/g, "[^/]+");
  return { method, pattern: new RegExp(`^${source}$`), parameterCount: template.split("{").length - 1 };
}

function validatorOf(name: string, schema: object): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const validator = ajv.compile({ ...schema, definitions: description.definitions });
  validators.set(name, validator);
  return validator;
}
