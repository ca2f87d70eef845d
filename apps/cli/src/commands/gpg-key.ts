import type { GpgKey } from "@guts/api";
import { readFileSync } from "node:fs";
import { CliError, usageError } from "../cli-error.ts";
import { connectSignedIn } from "../connection.ts";
import type { CommandContext } from "../context.ts";
import { pageSizeMax } from "../limits.ts";
import { printJson, type JsonOption } from "../terminal/json.ts";
import { withProgress } from "../terminal/progress.ts";
import { relativeTime } from "../terminal/relative-time.ts";
import { printTable } from "../terminal/table.ts";
import { gpgKeyFields } from "../tree/fields.ts";
import { confirm } from "./ask.ts";
import { sayDone } from "./say.ts";

/** `guts gpg-key list`. */
export async function listGpgKeys(
  context: CommandContext,
  _args: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const keys = await ownKeys(context);
  if (json !== undefined) return printJson(platform.stdout, json, gpgKeyFields, keys.map(recordOf));
  const now = platform.now();
  await printTable(
    platform.stdout,
    style,
    [
      { title: "Key id", text: (key) => key.key_id },
      { title: "Title", text: (key) => key.name ?? "", style: style.strong },
      { title: "Addresses", text: ({ emails }) => emails.map(({ email }) => email).join(", "), isFlexible: true },
      {
        title: "Expires",
        text: (key) =>
          key.revoked ? "revoked" : key.expires_at === null ? "never" : relativeTime(key.expires_at, now),
        exactText: (key) => (key.revoked ? "revoked" : (key.expires_at ?? "")),
        style: style.quiet,
      },
    ],
    keys,
  );
}

/** `guts gpg-key add`: registers the armored public key in a file, or on standard input. */
export async function addGpgKey(
  context: CommandContext,
  [file]: readonly string[],
  { title }: { readonly title?: string },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const body = { armored_public_key: readArmoredKey(file!), ...(title !== undefined && { name: title }) };
  const added = await withProgress(context.platform.stderr, "Adding the GPG key", () =>
    client.call("POST /api/v3/user/gpg_keys", { body }),
  );
  sayDone(context, `Added GPG key ${added.key_id} (${added.name})`);
}

/** `guts gpg-key delete`: by its key id, as gpg shows it. */
export async function deleteGpgKey(
  context: CommandContext,
  [text]: readonly string[],
  options: { readonly yes?: true },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const wanted = text!.replace(/^0x/i, "").toUpperCase();
  const key = (await ownKeys(context)).find((each) => each.key_id === wanted);
  if (key === undefined)
    throw new CliError("not-found", `you have no GPG key ${text}`, { hint: "See them with `guts gpg-key list`." });
  await confirm(context, `Delete the GPG key ${key.key_id}? Signatures by it are then nobody's here.`, options.yes);
  await client.call("DELETE /api/v3/user/gpg_keys/{gpg_key_id}", { path: { gpg_key_id: String(key.id) } });
  sayDone(context, `Deleted GPG key ${key.key_id}`);
}

async function ownKeys(context: CommandContext): Promise<readonly GpgKey[]> {
  const { client } = connectSignedIn(context);
  return await withProgress(context.platform.stderr, "Listing GPG keys", () =>
    client.call("GET /api/v3/user/gpg_keys", { query: { per_page: pageSizeMax } }),
  );
}

function readArmoredKey(file: string): string {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (cause) {
    throw new CliError("file", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  if (text.includes("PRIVATE KEY"))
    throw usageError("this is a private key", "Only the public one leaves this device: gpg --armor --export YOU");
  return text;
}

function recordOf({ id, key_id, name, emails, expires_at, revoked, created_at }: GpgKey) {
  return {
    id,
    keyId: key_id,
    title: name,
    emails: emails.map(({ email }) => email),
    isRevoked: revoked,
    createdAt: created_at,
    expiresAt: expires_at,
  };
}
