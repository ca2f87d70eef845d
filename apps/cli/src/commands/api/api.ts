import { readFile as readFileAt } from "node:fs/promises";
import { resolve } from "node:path";
import { parseLinkHeader } from "@guts/api/client";
import { CliError } from "../../cli-error.ts";
import { connect, rememberingFetch } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { apiTimeoutMs } from "../../limits.ts";
import type { Output } from "../../platform.ts";
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
  const fetch = rememberingFetch(context, host, { timeoutMs: apiTimeoutMs, bodyBytesMax: Number.POSITIVE_INFINITY });
  const answer = await withProgress(platform.stderr, "Waiting for the answer", () => send(fetch, request));
  if (options.include === true) writeHead(context, answer);
  if (options.silent === true) await answer.body?.cancel();
  else if (options.paginate === true && answer.ok) await writePages(platform.stdout, pagesOf(fetch, request, answer));
  else await writeBody(context, answer);
  if (answer.status === 401)
    throw new CliError("authentication-needed", `${host} wants a token for that`, {
      hint: `Run \`guts auth login --host ${host}\`.`,
    });
  if (!answer.ok) throw new CliError("refused", `${host} answered ${answer.status} ${answer.statusText}`.trim());
}

type Fetch = typeof globalThis.fetch;

async function send(fetch: Fetch, { url, method, headers, body }: ApiRequest): Promise<Response> {
  return await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
}

/** `{owner}` and `{repo}` of a path, those of the repository of the current directory. */
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

/** The decoded pages of a list, the first of which has come already. */
async function* pagesOf(fetch: Fetch, request: ApiRequest, first: Response): AsyncGenerator {
  let answer = first;
  for (;;) {
    yield await answer.json();
    const { next } = parseLinkHeader(answer.headers.get("link") ?? "");
    if (next === undefined) return;
    const link = new URL(next, request.url);
    // Only path and query of the link are used, so that the token never goes to another host.
    const url = new URL(`${link.pathname}${link.search}`, request.url);
    answer = await send(fetch, { ...request, url });
    if (!answer.ok) throw new CliError("refused", `the page ${link.pathname}${link.search} answered ${answer.status}`);
  }
}

/** Prints the items of all pages as one JSON array, each page as soon as it is there. */
async function writePages(output: Output, pages: AsyncIterable<unknown>): Promise<void> {
  const [space, line, indentation] = output.isTerminal ? ["  ", "\n", 2] : ["", "", 0];
  let count = 0;
  for await (const page of pages) {
    for (const item of Array.isArray(page) ? page : [page]) {
      const text = JSON.stringify(item, undefined, indentation).replaceAll("\n", `\n${space}`);
      output.write(`${count++ === 0 ? "[" : ","}${line}${space}${text}`);
    }
  }
  output.write(count === 0 ? "[]\n" : `${line}]\n`);
}
