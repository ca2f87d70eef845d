import type { Token, TokenScope } from "@guts/api";
import { fromHex, parseDigest } from "@guts/primitives";
import { CliError, usageError } from "../cli-error.ts";
import { connectSignedIn } from "../connection.ts";
import type { CommandContext } from "../context.ts";
import { expirySoonMs, tokenDaysDefault, tokenDaysMax } from "../limits.ts";
import { printJson, type JsonOption } from "../terminal/json.ts";
import { withProgress } from "../terminal/progress.ts";
import { relativeTime } from "../terminal/relative-time.ts";
import { printTable } from "../terminal/table.ts";
import { tokenFields } from "../tree/fields.ts";
import { ask, confirm } from "./ask.ts";
import {
  fineGrainedBody,
  isFineGrained,
  placesText,
  powersText,
  type FineGrainedOptions,
} from "./fine-grained-token.ts";
import { parseCount } from "./limit.ts";
import { findNode } from "./network/find-node.ts";
import type { RootKeyOptions } from "./root-key.ts";
import { sayDone, sayNote } from "./say.ts";
import { submitAsRoot } from "./submit-as-root.ts";

/** What a token may be allowed to do; the API's own list, checked by the compiler. */
const scopeWords: Readonly<Record<TokenScope, true>> = {
  repo: true,
  public_repo: true,
  "repo:read": true,
  user: true,
  delete_repo: true,
  "admin:credentials": true,
  "repo:status": true,
  repo_deployment: true,
  "repo:invite": true,
  workflow: true,
  "read:org": true,
  "write:org": true,
  "admin:org": true,
  "read:public_key": true,
  "write:public_key": true,
  "admin:public_key": true,
  "read:user": true,
  "user:email": true,
  "user:follow": true,
  "read:repo_hook": true,
  "write:repo_hook": true,
  "admin:repo_hook": true,
  "admin:org_hook": true,
  notifications: true,
  gist: true,
  "read:audit_log": true,
  site_admin: true,
  "read:gpg_key": true,
  "write:gpg_key": true,
  "admin:gpg_key": true,
  "admin:ssh_signing_key": true,
};
const scopes = Object.keys(scopeWords) as readonly TokenScope[];

/** `guts token list`. */
export async function listTokens(
  context: CommandContext,
  _args: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { client } = connectSignedIn(context);
  const tokens = await withProgress(platform.stderr, "Listing tokens", () => client.call("GET /api/guts/tokens", {}));
  if (json !== undefined) return printJson(platform.stdout, json, tokenFields, tokens);
  const now = platform.now();
  const when = (time: string | null, never: string) => (time === null ? never : relativeTime(time, now));
  await printTable<Token>(
    platform.stdout,
    style,
    [
      { title: "Id", text: ({ id }) => id.slice(0, idLengthShown), exactText: ({ id }) => id },
      {
        title: "Label",
        text: (row) => (row.isCurrent ? `${row.label} (this one)` : row.label),
        exactText: ({ label }) => label,
        style: style.strong,
      },
      { title: "Kind", text: ({ kind }) => kind },
      {
        title: "May",
        text: (row) => [powersText(row), placesText(row)].filter((text) => text !== "").join(" on "),
        exactText: (row) => powersText(row, ","),
        isFlexible: true,
      },
      {
        title: "Expires",
        text: ({ expiresAt }) => when(expiresAt, "never"),
        exactText: ({ expiresAt }) => expiresAt ?? "",
        style: (text, { expiresAt }) => (expiresSoon(expiresAt, now) ? style.warning : style.quiet)(text),
      },
      {
        title: "Last used",
        text: ({ lastUsedAt }) => when(lastUsedAt, "never here"),
        exactText: ({ lastUsedAt }) => lastUsedAt ?? "",
        style: style.quiet,
      },
    ],
    tokens,
  );
}

/** `guts token create`: prints the token on standard output, this once. */
export async function createToken(
  context: CommandContext,
  [given]: readonly string[],
  options: FineGrainedOptions & { readonly scope?: string; readonly expires?: string },
): Promise<void> {
  const connection = connectSignedIn(context);
  const { client } = connection;
  if (options.scope !== undefined && isFineGrained(options))
    throw usageError("a token has scopes or permissions, not both", "Leave --scope out for a fine-grained token.");
  const expiresInDays =
    options.expires === undefined ? tokenDaysDefault : parseCount(options.expires, tokenDaysMax, "--expires");
  const scopes = parseScopes(options.scope ?? "repo");
  const bounds = isFineGrained(options) ? await fineGrainedBody(connection, options) : undefined;
  const label = given ?? (await ask(context, { message: "What is it for?" }, "Give a label."));
  const created = await withProgress(context.platform.stderr, "Creating the token", () =>
    bounds === undefined
      ? client.call("POST /api/guts/tokens", { body: { label, scopes, expiresInDays } })
      : client.call("POST /api/guts/tokens/fine-grained", { body: { label, expiresInDays, ...bounds } }),
  );
  const places = placesText(created);
  const where = places === "" ? "" : ` for ${places}`;
  sayDone(context, `Created token ${created.label}${where} with ${powersText(created)}, for ${expiresInDays} days`);
  context.platform.stdout.write(`${created.token}\n`);
  if (context.platform.stdout.isTerminal) sayNote(context, "Copy it now; it is not shown again.");
}

/** `guts token share`: makes a token good at further home nodes; only the root key can say so. */
export async function shareToken(
  context: CommandContext,
  [text, ...names]: readonly string[],
  options: RootKeyOptions,
): Promise<void> {
  const { client } = connectSignedIn(context);
  const token = findToken(await client.call("GET /api/guts/tokens", {}), text!);
  const network = await client.call("GET /api/guts/network", {});
  const nodes = names.map((name) => findNode(network, name));
  const payload = { id: parseDigest(fromHex(token.id) ?? new Uint8Array())!, nodes: nodes.map(({ node }) => node) };
  await submitAsRoot(context, options, { kind: "credential.share", payload });
  sayDone(context, `Token ${token.label} is good at ${nodes.map(({ name }) => name).join(", ")} too`);
}

/** `guts token revoke`: by its id, or a beginning of it that is unique. */
export async function revokeToken(
  context: CommandContext,
  [text]: readonly string[],
  options: { readonly yes?: true },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const token = findToken(await client.call("GET /api/guts/tokens", {}), text!);
  if (token.isCurrent) await confirm(context, "guts itself uses this token. Revoke it and sign out?", options.yes);
  await client.call("DELETE /api/guts/tokens/{id}", { path: { id: token.id } });
  sayDone(context, `Revoked ${token.kind} ${token.label}`);
}

/** The token whose id begins with `text`. Throws `not-found`, or `usage` when several do. */
function findToken(tokens: readonly Token[], text: string): Token {
  const [token, other] = tokens.filter(({ id }) => id.startsWith(text));
  if (token === undefined)
    throw new CliError("not-found", `no token has the id ${text}`, { hint: "See them with `guts token list`." });
  if (other !== undefined) throw usageError(`several tokens have an id that begins with ${text}`, "Give more of it.");
  return token;
}

function expiresSoon(expiresAt: string | null, now: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) - now < expirySoonMs;
}

const idLengthShown = 12;

function parseScopes(list: string): TokenScope[] {
  const wanted = [...new Set(list.split(",").map((scope) => scope.trim()))];
  const unknown = wanted.find((scope) => !(scopes as readonly string[]).includes(scope));
  if (unknown !== undefined) throw usageError(`unknown scope "${unknown}"`, `Scopes: ${scopes.join(", ")}.`);
  return wanted as TokenScope[];
}
