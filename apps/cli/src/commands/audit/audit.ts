import type { ApiClient, ApiOutput } from "@guts/api/client";
import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { auditFields } from "../../tree/fields.ts";
import { parseLimit, take } from "../limit.ts";
import { printList } from "../print-list.ts";
import { parseLogPlace, type LogOptions } from "./log-place.ts";

/** An act as a node lists it. */
export type Entry = ApiOutput<"GET /api/guts/security-log">[number];

interface ListOptions extends LogOptions {
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
  const columns = [
    { title: "Time", text: (row: Entry) => row.created_at.slice(0, 19).replace("T", " ") },
    { title: "Action", text: (row: Entry) => row.action, style: style.strong },
    { title: "By", text: (row: Entry) => row.actor ?? String(row.actor_id) },
    { title: "On", text: subjectOf },
    { title: "Why", text: (row: Entry) => row.reason ?? "" },
    { title: "Transaction", text: (row: Entry) => row._document_id },
  ];
  const nothing = "Nothing in this log is so.";
  await printList(context, entries, { json: options.json, fields: auditFields, columns, nothing });
}

function itemsOf(
  client: ApiClient,
  options: LogOptions,
  query: { readonly per_page: number; readonly phrase?: string },
): AsyncGenerator<Entry> {
  const place = parseLogPlace(options);
  switch (place.type) {
    case "network":
      return client.items("GET /api/guts/audit-log", { query });
    case "org":
      return client.items("GET /api/v3/orgs/{org}/audit-log", { path: { org: place.org }, query });
    case "repo": {
      const path = { owner: place.owner, repo: place.repo };
      return client.items("GET /api/guts/repos/{owner}/{repo}/audit-log", { path, query });
    }
    case "own":
    default:
      return client.items("GET /api/guts/security-log", { query });
  }
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
