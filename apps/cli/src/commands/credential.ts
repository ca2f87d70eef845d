/**
 * git's credential helper protocol (gitcredentials(7), git-credential(1)).
 *
 * git writes `key=value` lines and ends with an empty line or the end of input; `get` answers in the same form, or with
 * nothing, and then git asks elsewhere. We answer for exactly the origins in the hosts file (scheme, host and port must
 * be equal), so a URL of any other host, or the same host in the clear, never gets a token.
 */
import type { HostUrl } from "../config/host-name.ts";
import { tokenFor } from "../connection.ts";
import type { CommandContext } from "../context.ts";
import { usageError } from "../cli-error.ts";
import { credentialRequestBytesMax } from "../limits.ts";
import type { Platform } from "../platform.ts";
import { sayNote } from "./say.ts";

/** What git says about the credential that it wants, or had. */
export type CredentialRequest = ReadonlyMap<string, string>;

/** `guts credential get`. */
export async function getCredential(context: CommandContext): Promise<void> {
  const request = await readRequest(context.platform);
  const found = findCredential(context, request);
  if (found !== undefined) context.platform.stdout.write(`username=${found.username}\npassword=${found.password}\n`);
}

/** `guts credential store`: reads what git says and keeps nothing. */
export async function storeCredential(context: CommandContext): Promise<void> {
  await readRequest(context.platform);
}

/**
 * `guts credential erase`: git says that a credential was refused.
 *
 * The token is not dropped for it, since it is shown once only and a node may refuse it for a passing reason; the person
 * hears what to do.
 */
export async function eraseCredential(context: CommandContext): Promise<void> {
  const request = await readRequest(context.platform);
  const found = findCredential(context, request);
  const password = request.get("password");
  if (found === undefined || (password !== undefined && password !== found.password)) return;
  sayNote(
    context,
    `${found.host} does not accept the stored token. Sign in again: guts auth login --host ${found.host}`,
  );
}

interface Credential {
  readonly host: HostUrl;
  readonly username: string;
  readonly password: string;
}

/** The credential for what git asks, or undefined when it is not for us. */
export function findCredential(context: CommandContext, request: CredentialRequest): Credential | undefined {
  const host = requestedOrigin(request);
  if (host === undefined) return undefined;
  const token = tokenFor(context, host);
  if (token === undefined) return undefined;
  const username = token.login ?? "token";
  const wanted = request.get("username");
  if (wanted !== undefined && token.login !== undefined && wanted.toLowerCase() !== username.toLowerCase())
    return undefined;
  return { host, username: wanted ?? username, password: token.token };
}

/** The origin of a request: its `url`, or its `protocol` and `host`. */
function requestedOrigin(request: CredentialRequest): HostUrl | undefined {
  const url = URL.parse(request.get("url") ?? `${request.get("protocol")}://${request.get("host")}`);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  return url.origin as HostUrl;
}

async function readRequest(platform: Pick<Platform, "stdin">): Promise<CredentialRequest> {
  let text = "";
  for await (const chunk of platform.stdin.setEncoding("utf8")) {
    text += chunk as string;
    if (text.length > credentialRequestBytesMax) throw usageError("this is no request of git's credential protocol");
    if (text.startsWith("\n") || text.includes("\n\n")) break;
  }
  return parseRequest(text);
}

/** Parses a request; a line without `=` is ignored, as git's own helpers do, and of a repeated key the last counts. */
export function parseRequest(text: string): CredentialRequest {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line === "") break;
    const equals = line.indexOf("=");
    if (equals > 0) fields.set(line.slice(0, equals), line.slice(equals + 1).replace(/\r$/, ""));
  }
  return fields;
}
