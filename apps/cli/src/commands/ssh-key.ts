import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { SshKey } from "@guts/api";
import { CliError, usageError } from "../cli-error.ts";
import { connectSignedIn } from "../connection.ts";
import type { CommandContext } from "../context.ts";
import { printJson, type JsonOption } from "../terminal/json.ts";
import { withProgress } from "../terminal/progress.ts";
import { relativeTime } from "../terminal/relative-time.ts";
import { printTable } from "../terminal/table.ts";
import { sshKeyFields } from "../tree/fields.ts";
import { confirm } from "./ask.ts";
import { sayDone } from "./say.ts";

/** `guts ssh-key list`. */
export async function listSshKeys(
  context: CommandContext,
  _args: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { client } = connectSignedIn(context);
  const keys = await withProgress(platform.stderr, "Listing SSH keys", () => client.call("GET /api/v3/user/keys", {}));
  if (json !== undefined) return printJson(platform.stdout, json, sshKeyFields, keys.map(recordOf));
  const now = platform.now();
  const when = (time: string | null) => (time === null ? "never here" : relativeTime(time, now));
  await printTable(
    platform.stdout,
    style,
    [
      { title: "Id", text: ({ id }) => String(id) },
      { title: "Title", text: ({ title }) => title, style: style.strong, isFlexible: true },
      { title: "Fingerprint", text: ({ key }) => fingerprintOf(key) },
      {
        title: "Added",
        text: ({ created_at: time }) => when(time),
        exactText: ({ created_at: time }) => time,
        style: style.quiet,
      },
      {
        title: "Last used",
        text: ({ last_used: time }) => when(time),
        exactText: ({ last_used: time }) => time ?? "",
        style: style.quiet,
      },
    ],
    keys,
  );
}

/** `guts ssh-key add`: registers the public key in a file, or on standard input. */
export async function addSshKey(
  context: CommandContext,
  [file]: readonly string[],
  { title }: { readonly title?: string },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const key = readPublicKey(file!);
  const body = { key, ...(title !== undefined && { title }) };
  const added = await withProgress(context.platform.stderr, "Adding the SSH key", () =>
    client.call("POST /api/v3/user/keys", { body }),
  );
  sayDone(context, `Added SSH key ${added.title} (${fingerprintOf(added.key)}); it is good at every node`);
}

/** `guts ssh-key delete`. */
export async function deleteSshKey(
  context: CommandContext,
  [id]: readonly string[],
  options: { readonly yes?: true },
): Promise<void> {
  const { client } = connectSignedIn(context);
  if (!/^\d{1,15}$/.test(id!)) throw usageError(`${id} is no id of an SSH key`, "See them with `guts ssh-key list`.");
  const path = { key_id: id! };
  const key = await client.call("GET /api/v3/user/keys/{key_id}", { path });
  await confirm(context, `Delete the SSH key ${key.title}? Whoever holds it can then not push by it.`, options.yes);
  await client.call("DELETE /api/v3/user/keys/{key_id}", { path });
  sayDone(context, `Deleted SSH key ${key.title}`);
}

function readPublicKey(file: string): string {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8").trim();
  } catch (cause) {
    throw new CliError("file", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  if (text.includes("PRIVATE KEY"))
    throw usageError(
      `${file} is a private key`,
      `Its public half is in ${file}.pub, and only that leaves this device.`,
    );
  return text;
}

function recordOf({ id, title, key, created_at, last_used }: SshKey) {
  return { id, title, key, fingerprint: fingerprintOf(key), createdAt: created_at, lastUsedAt: last_used };
}

/** `SHA256:` and base64, as ssh-keygen shows the key of a line. */
function fingerprintOf(line: string): string {
  const blob = Buffer.from(line.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
