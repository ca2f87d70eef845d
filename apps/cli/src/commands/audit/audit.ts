import type { ApiClient, ApiOutput } from "@guts/api/client";
import { usageError } from "../../cli-error.ts";
import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { auditFields } from "../../tree/fields.ts";
import { parseLimit, take } from "../limit.ts";
import { sayNote } from "../say.ts";

/** An act as a node lists it. */
export type Entry = ApiOutput<"GET /api/guts/security-log">[number];

interface ListOptions {
  readonly network?: true;
  readonly org?: string;
  readonly repo?: string;
  readonly limit?: string;
  readonly json?: JsonOption;
}

/** `guts audit list`: one's own security log, or that of the network, an organization, a repository. */
export async function listAudit(
  context: CommandContext,
  words: readonly string[],
  options: ListOptions,
): Promise<void> {
  const { platform, style } = context;
  const { client } = connectSignedIn(context);
  const limit = parseLimit(options.limit);
  const query = { per_page: Math.min(limit, 100), ...(words.length > 0 && { phrase: words.join(" ") }) };
  const entries = await withProgress(platform.stderr, "Reading the log", () =>
    take(itemsOf(client, options, query), limit),
  );
  if (options.json !== undefined) return printJson(platform.stdout, options.json, auditFields, entries);
  if (entries.length === 0) return sayNote(context, "Nothing in this log is so.");
  const columns = [
    { title: "Time", text: (row: Entry) => row.created_at.slice(0, 19).replace("T", " ") },
    { title: "Action", text: (row: Entry) => row.action, style: style.strong },
    { title: "By", text: (row: Entry) => row.actor ?? String(row.actor_id) },
    { title: "On", text: subjectOf },
    { title: "Why", text: (row: Entry) => row.reason ?? "" },
    { title: "Transaction", text: (row: Entry) => row._document_id },
  ];
  await printTable(platform.stdout, style, columns, entries);
}

function itemsOf(
  client: ApiClient,
  { network, org, repo }: ListOptions,
  query: { readonly per_page: number; readonly phrase?: string },
): AsyncGenerator<Entry> {
  if ([network, org, repo].filter((each) => each !== undefined).length > 1)
    throw usageError("--network, --org and --repo exclude one another");
  if (network === true) return client.items("GET /api/guts/audit-log", { query });
  if (org !== undefined) return client.items("GET /api/v3/orgs/{org}/audit-log", { path: { org }, query });
  if (repo === undefined) return client.items("GET /api/guts/security-log", { query });
  const [owner = "", name = "", ...rest] = repo.split("/");
  if (name === "" || rest.length > 0) throw usageError(`"${repo}" is not OWNER/REPO`);
  return client.items("GET /api/guts/repos/{owner}/{repo}/audit-log", { path: { owner, repo: name }, query });
}

function subjectOf({ user, org, repo, team, node, about }: Entry): string {
  const parts = [repo ?? org, team, user, node, about].filter((part) => part !== null);
  return [...new Set(parts)].join(" ");
}

/** `guts audit show`: one act with everything that its log says of it. */
export async function showAudit(
  context: CommandContext,
  [id = ""]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const entry = await client.call("GET /api/guts/audit-log/{id}", { path: { id } });
  if (json !== undefined) return printJson(context.platform.stdout, json, auditFields, entry);
  const { style, platform } = context;
  const rows = auditFields.flatMap((name) => (entry[name] === null ? [] : [{ name, value: String(entry[name]) }]));
  const columns = [
    { title: "Field", text: (row: (typeof rows)[number]) => row.name, style: style.strong },
    { title: "Value", text: (row: (typeof rows)[number]) => row.value },
  ];
  await printTable(platform.stdout, style, columns, rows);
}
