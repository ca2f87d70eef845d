import type { Repository } from "@guts/api";
import { connect, connectSignedIn, viewerLogin, type Connection } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { pageSizeMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { relativeTime } from "../../terminal/relative-time.ts";
import { printTable } from "../../terminal/table.ts";
import { repositoryFields } from "../../tree/fields.ts";
import { parseLimit, take } from "../limit.ts";
import { sayNote } from "../say.ts";
import { repositoryRecord, type RepositoryRecord } from "./repository-record.ts";

interface ListOptions {
  readonly limit?: string;
  readonly visibility?: "public" | "private";
  readonly all?: true;
  readonly json?: JsonOption;
  readonly web?: true;
}

/** `guts repo list [owner]`. */
export async function listRepositories(
  context: CommandContext,
  [owner]: readonly string[],
  options: ListOptions,
): Promise<void> {
  const limit = parseLimit(options.limit);
  const { platform } = context;
  const connection = owner === undefined ? connectSignedIn(context) : connect(context);
  if (options.web === true)
    return await platform.openBrowser(`${connection.host}/${owner ?? (await viewerLogin(connection))}`);
  const repositories = await withProgress(platform.stderr, "Listing repositories", async () => {
    const items = repositoriesOf(connection, owner, options, limit);
    return await take(items, limit, ({ private: isPrivate }) => matches(options.visibility, isPrivate));
  });
  const records = repositories.map((repository) => repositoryRecord(repository, connection.host));
  if (options.json !== undefined) return printJson(platform.stdout, options.json, repositoryFields, records);
  if (records.length === 0) return sayNote(context, `No repositories of ${owner ?? "yours"} match.`);
  await printRepositories(context, records);
}

function repositoriesOf(
  { client }: Connection,
  owner: string | undefined,
  { all, visibility }: ListOptions,
  limit: number,
): AsyncGenerator<Repository> {
  const query = { per_page: Math.min(pageSizeMax, limit), sort: "pushed", direction: "desc" } as const;
  if (owner !== undefined)
    return client.items("GET /api/v3/users/{username}/repos", { path: { username: owner }, query });
  const affiliation = all === true ? "owner,collaborator" : "owner";
  return client.items("GET /api/v3/user/repos", {
    query: { ...query, affiliation, ...(visibility === undefined ? {} : { visibility }) },
  });
}

function matches(visibility: ListOptions["visibility"], isPrivate: boolean): boolean {
  return visibility === undefined || isPrivate === (visibility === "private");
}

async function printRepositories(context: CommandContext, records: readonly RepositoryRecord[]): Promise<void> {
  const { platform, style } = context;
  const now = platform.now();
  await printTable(
    platform.stdout,
    style,
    [
      { title: "Name", text: (row) => row.nameWithOwner, style: style.strong },
      { title: "Description", text: (row) => String(row.description ?? ""), isFlexible: true },
      {
        title: "Info",
        text: (row) => `${String(row.visibility)}${row.isArchived === true ? ", archived" : ""}`,
        style: (text, row) => (row.isPrivate === true ? style.warning(text) : style.quiet(text)),
      },
      {
        title: "Updated",
        text: (row) => relativeTime(String(row.updatedAt), now),
        exactText: (row) => String(row.updatedAt),
        style: style.quiet,
      },
    ],
    records,
  );
}
