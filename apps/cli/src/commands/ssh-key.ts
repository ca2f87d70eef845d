import type { SshKey } from "@guts/api";
import { usageError } from "../cli-error.ts";
import { connectSignedIn } from "../connection.ts";
import type { CommandContext } from "../context.ts";
import { pageSizeMax } from "../limits.ts";
import { printJson, type JsonOption } from "../terminal/json.ts";
import { withProgress } from "../terminal/progress.ts";
import { relativeTime } from "../terminal/relative-time.ts";
import { printTable } from "../terminal/table.ts";
import { sshKeyFields } from "../tree/fields.ts";
import { confirm } from "./ask.ts";
import { fingerprintOf, readPublicKey } from "./public-key-file.ts";
import { sayDone } from "./say.ts";

interface TypeOption {
  readonly type?: "authentication" | "signing";
}

/** `guts ssh-key list`. */
export async function listSshKeys(
  context: CommandContext,
  _args: readonly string[],
  { json, type }: TypeOption & { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { client } = connectSignedIn(context);
  const query = { per_page: pageSizeMax };
  const keys = await withProgress(platform.stderr, "Listing SSH keys", async (): Promise<readonly ListedKey[]> =>
    type === "signing"
      ? (await client.call("GET /api/v3/user/ssh_signing_keys", { query })).map((key) => ({ ...key, last_used: null }))
      : await client.call("GET /api/v3/user/keys", { query }),
  );
  if (json !== undefined) return printJson(platform.stdout, json, sshKeyFields, keys.map(recordOf));
  const now = platform.now();
  const when = (time: string | null) => (time === null ? "never here" : relativeTime(time, now));
  await printTable<ListedKey>(
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
  { title, type }: TypeOption & { readonly title?: string },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const key = readPublicKey(file!);
  const body = { key, ...(title !== undefined && { title }) };
  const added = await withProgress(context.platform.stderr, "Adding the SSH key", () =>
    type === "signing"
      ? client.call("POST /api/v3/user/ssh_signing_keys", { body })
      : client.call("POST /api/v3/user/keys", { body }),
  );
  const meaning = type === "signing" ? "it signs for you" : "it is good at every node";
  sayDone(context, `Added SSH key ${added.title} (${fingerprintOf(added.key)}); ${meaning}`);
}

/** `guts ssh-key delete`. */
export async function deleteSshKey(
  context: CommandContext,
  [id]: readonly string[],
  options: TypeOption & { readonly yes?: true },
): Promise<void> {
  const { client } = connectSignedIn(context);
  if (!/^\d{1,15}$/.test(id!)) throw usageError(`${id} is no id of an SSH key`, "See them with `guts ssh-key list`.");
  if (options.type === "signing") return deleteSigningKey(context, id!, options.yes);
  const path = { key_id: id! };
  const key = await client.call("GET /api/v3/user/keys/{key_id}", { path });
  await confirm(context, `Delete the SSH key ${key.title}? Whoever holds it can then not push by it.`, options.yes);
  await client.call("DELETE /api/v3/user/keys/{key_id}", { path });
  sayDone(context, `Deleted SSH key ${key.title}`);
}

async function deleteSigningKey(context: CommandContext, id: string, yes: true | undefined): Promise<void> {
  const { client } = connectSignedIn(context);
  const path = { ssh_signing_key_id: id };
  const key = await client.call("GET /api/v3/user/ssh_signing_keys/{ssh_signing_key_id}", { path });
  await confirm(context, `Delete the SSH key ${key.title}? Signatures by it are then nobody's here.`, yes);
  await client.call("DELETE /api/v3/user/ssh_signing_keys/{ssh_signing_key_id}", { path });
  sayDone(context, `Deleted SSH key ${key.title}`);
}

type ListedKey = Pick<SshKey, "id" | "title" | "key" | "created_at" | "last_used">;

function recordOf({ id, title, key, created_at, last_used }: ListedKey) {
  return { id, title, key, fingerprint: fingerprintOf(key), createdAt: created_at, lastUsedAt: last_used };
}
