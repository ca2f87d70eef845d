import { readFile as readFileAt } from "node:fs/promises";
import { resolve } from "node:path";
import { parseLinkHeader } from "@guts/api/client";
import { CliError, usageError } from "../../cli-error.ts";
import { connect } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { nodeFetch } from "../../http/node-fetch.ts";
import { withProgress } from "../../terminal/progress.ts";
import { buildRequest, type ApiOptions, type ApiRequest } from "./request.ts";

/** `guts api`. */
export async function callApi(context: CommandContext, [given]: readonly string[], options: ApiOptions): Promise<void> {
  const { platform } = context;
  const path = await fillPlaceholders(context, given!);
  const { host, token } = connect(context);
  const request = await buildRequest(host, path, options, (name) => readInput(context, name));
  if (token !== undefined && !request.headers.has("authorization"))
    request.headers.set("authorization", `Bearer ${token.token}`);
  if (!request.headers.has("accept")) request.headers.set("accept", "application/json");
  const fetch = nodeFetch(platform, host, { bodyBytesMax: Number.POSITIVE_INFINITY });
  const answer = await withProgress(platform.stderr, "Waiting for the answer", () => send(fetch, request));
  if (options.include === true) writeHead(context, answer);
  if (options.silent !== true) await writeBody(context, answer);
  else await answer.body?.cancel();
  if (answer.ok && options.paginate === true) await writeFollowing({ context, fetch, request, answer, options });
  if (answer.status === 401)
    throw new CliError("authentication-needed", `${host} wants a token for that`, {
      hint: `Run \`guts auth login --host ${host}\`.`,
    });
  if (!answer.ok) throw new CliError("refused", `${host} answered ${answer.status} ${answer.statusText}`.trim());
}

async function send(fetch: typeof globalThis.fetch, { url, method, headers, body }: ApiRequest): Promise<Response> {
  return await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
}

/** `{owner}` and `{repo}` of a path, from the current directory or GUTS_REPO-like remotes. */
async function fillPlaceholders(context: CommandContext, path: string): Promise<string> {
  if (!/\{(owner|repo)\}/.test(path)) return path;
  const { owner, name } = await selectRepository(context, undefined);
  return path.replaceAll("{owner}", encodeURIComponent(owner)).replaceAll("{repo}", encodeURIComponent(name));
}

async function readInput({ platform }: CommandContext, name: string): Promise<Uint8Array<ArrayBuffer>> {
  if (name === "-") {
    const chunks: Uint8Array[] = [];
    for await (const chunk of platform.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    return Uint8Array.from(Buffer.concat(chunks));
  }
  try {
    return Uint8Array.from(await readFileAt(resolve(platform.cwd, name)));
  } catch (cause) {
    throw new CliError("file", `cannot read ${name}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}

function writeHead({ platform, style }: CommandContext, answer: Response): void {
  platform.stdout.write(`${style.strong(`HTTP ${answer.status} ${answer.statusText}`.trim())}\n`);
  for (const [name, value] of answer.headers) platform.stdout.write(`${style.quiet(`${name}:`)} ${value}\n`);
  platform.stdout.write("\n");
}

/** JSON is indented for a person; everything else goes through as it comes, chunk by chunk. */
async function writeBody({ platform }: CommandContext, answer: Response): Promise<void> {
  const isJson = /^application\/(.+\+)?json\b/.test(answer.headers.get("content-type") ?? "");
  if (isJson && platform.stdout.isTerminal) {
    const text = await answer.text();
    platform.stdout.write(`${indent(text)}\n`);
    return;
  }
  for await (const chunk of answer.body ?? []) platform.stdout.write(chunk);
  if (isJson) platform.stdout.write("\n");
}

function indent(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** The pages after the first, each as it comes; with several pages of arrays, `jq -s add` makes one of them. */
async function writeFollowing(o: {
  context: CommandContext;
  fetch: typeof globalThis.fetch;
  request: ApiRequest;
  answer: Response;
  options: ApiOptions;
}): Promise<void> {
  let { answer } = o;
  for (;;) {
    const { next } = parseLinkHeader(answer.headers.get("link") ?? "");
    if (next === undefined) return;
    const link = new URL(next, o.request.url);
    // Only path and query of the link are used, so that the token never goes to another host.
    const url = new URL(`${link.pathname}${link.search}`, o.request.url);
    answer = await send(o.fetch, { ...o.request, url });
    if (!answer.ok) throw usageError(`page ${url.pathname}${url.search} answered ${answer.status}`);
    if (o.options.silent !== true) await writeBody(o.context, answer);
  }
}
