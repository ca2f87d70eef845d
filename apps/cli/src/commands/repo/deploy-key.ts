import type { DeployKey } from "@guts/api";
import { usageError } from "../../cli-error.ts";
import type { CommandContext } from "../../context.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { listLimitMax, pageSizeMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { relativeTime } from "../../terminal/relative-time.ts";
import { printTable } from "../../terminal/table.ts";
import { deployKeyFields } from "../../tree/fields.ts";
import { confirm } from "../ask.ts";
import { take } from "../limit.ts";
import { fingerprintOf, readPublicKey } from "../public-key-file.ts";
import { sayDone } from "../say.ts";

interface RepositoryOption {
  readonly repo?: string;
}

/** `guts repo deploy-key list`. */
export async function listDeployKeys(
  context: CommandContext,
  _args: readonly string[],
  options: RepositoryOption & { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const request = { path: { owner, repo: name }, query: { per_page: pageSizeMax } };
  const keys = await withProgress(platform.stderr, "Listing deploy keys", () =>
    take(connection.client.items("GET /api/v3/repos/{owner}/{repo}/keys", request), listLimitMax),
  );
  if (options.json !== undefined) return printJson(platform.stdout, options.json, deployKeyFields, keys.map(recordOf));
  const now = platform.now();
  await printTable(
    platform.stdout,
    style,
    [
      { title: "Id", text: ({ id }) => String(id) },
      { title: "Title", text: ({ title }) => title, style: style.strong, isFlexible: true },
      { title: "May", text: (key) => (key.read_only ? "read" : "write") },
      { title: "Fingerprint", text: ({ key }) => fingerprintOf(key) },
      { title: "Added by", text: (key) => key.added_by ?? "" },
      {
        title: "Last used",
        text: ({ last_used: time }) => (time === null ? "never here" : relativeTime(time, now)),
        exactText: ({ last_used: time }) => time ?? "",
        style: style.quiet,
      },
    ],
    keys,
  );
}

/** `guts repo deploy-key add`: registers the public key in a file, or on standard input. */
export async function addDeployKey(
  context: CommandContext,
  [file]: readonly string[],
  options: RepositoryOption & { readonly title?: string; readonly allowWrite?: true },
): Promise<void> {
  const key = readPublicKey(file!);
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const isReadOnly = options.allowWrite !== true;
  const body = { key, read_only: isReadOnly, ...(options.title !== undefined && { title: options.title }) };
  const added = await withProgress(context.platform.stderr, "Adding the deploy key", () =>
    connection.client.call("POST /api/v3/repos/{owner}/{repo}/keys", { path: { owner, repo: name }, body }),
  );
  const may = isReadOnly ? "fetch from" : "fetch from and push to";
  sayDone(context, `Added deploy key ${added.title} (${fingerprintOf(added.key)}): it may ${may} ${owner}/${name}`);
}

/** `guts repo deploy-key delete`. */
export async function deleteDeployKey(
  context: CommandContext,
  [id]: readonly string[],
  options: RepositoryOption & { readonly yes?: true },
): Promise<void> {
  if (!/^\d{1,15}$/.test(id!))
    throw usageError(`${id} is no id of a deploy key`, "See them with `guts repo deploy-key list`.");
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const path = { owner, repo: name, key_id: id! };
  const key = await connection.client.call("GET /api/v3/repos/{owner}/{repo}/keys/{key_id}", { path });
  await confirm(context, `Delete the deploy key ${key.title}? What uses it is then not let in.`, options.yes);
  await connection.client.call("DELETE /api/v3/repos/{owner}/{repo}/keys/{key_id}", { path });
  sayDone(context, `Deleted deploy key ${key.title} of ${owner}/${name}`);
}

function recordOf({ id, title, key, read_only, added_by, created_at, last_used }: DeployKey) {
  const fingerprint = fingerprintOf(key);
  return {
    id,
    title,
    key,
    fingerprint,
    readOnly: read_only,
    addedBy: added_by,
    createdAt: created_at,
    lastUsedAt: last_used,
  };
}
