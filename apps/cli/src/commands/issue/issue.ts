import type { ApiInput } from "@guts/api/client";
import { usageError } from "../../cli-error.ts";
import type { CommandContext } from "../../context.ts";
import { selectRepository, type SelectedRepository } from "../../git/select-repository.ts";
import { pageSizeMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { relativeTime } from "../../terminal/relative-time.ts";
import { safeLine, safeText } from "../../terminal/safe-text.ts";
import { printTable } from "../../terminal/table.ts";
import { issueFields } from "../../tree/fields.ts";
import { ask } from "../ask.ts";
import { parseLimit, take } from "../limit.ts";
import { sayDone } from "../say.ts";
import { bodyOf, issueRecord, parseIssueArgument, type BodyOptions, type IssueRecord } from "./issue-record.ts";

interface RepositoryOption {
  readonly repo?: string;
}
interface ShownOptions extends RepositoryOption {
  readonly json?: JsonOption;
  readonly web?: true;
}
interface ListOptions extends ShownOptions {
  readonly state?: "open" | "closed" | "all";
  readonly label?: readonly string[];
  readonly assignee?: string;
  readonly author?: string;
  readonly mention?: string;
  readonly milestone?: string;
  readonly sort?: "created" | "updated" | "comments";
  readonly limit?: string;
}

/** The repository that a command is about, with an issue of it. */
async function selectIssue(context: CommandContext, text: string, options: RepositoryOption) {
  const { number, repository } = parseIssueArgument(text);
  const selected = await selectRepository(context, repository ?? options.repo);
  return { ...selected, number, path: { ...pathOf(selected), issue_number: number } };
}

function pathOf({ owner, name }: SelectedRepository) {
  return { owner, repo: name };
}

/** `guts issue list`. */
export async function listIssues(
  context: CommandContext,
  _args: readonly string[],
  options: ListOptions,
): Promise<void> {
  const { platform, style } = context;
  const limit = parseLimit(options.limit);
  const selected = await selectRepository(context, options.repo);
  if (options.web === true)
    return await platform.openBrowser(`${selected.connection.host}/${selected.owner}/${selected.name}/issues`);
  const query = {
    kind: "issue",
    state: options.state ?? "open",
    sort: options.sort ?? "created",
    per_page: Math.min(limit, pageSizeMax),
    ...(options.label !== undefined && { labels: options.label.join(",") }),
    ...(options.assignee !== undefined && { assignee: options.assignee }),
    ...(options.author !== undefined && { creator: options.author }),
    ...(options.mention !== undefined && { mentioned: options.mention }),
    ...(options.milestone !== undefined && { milestone: options.milestone }),
  } satisfies ApiInput<"GET /api/v3/repos/{owner}/{repo}/issues">["query"];
  const issues = await withProgress(platform.stderr, "Listing issues", () =>
    take(
      selected.connection.client.items("GET /api/v3/repos/{owner}/{repo}/issues", { path: pathOf(selected), query }),
      limit,
    ),
  );
  const records = issues.map(issueRecord);
  if (options.json !== undefined) return printJson(platform.stdout, options.json, issueFields, records);
  await printTable(
    platform.stdout,
    style,
    [
      {
        title: "Number",
        text: ({ number }) => `#${number}`,
        exactText: ({ number }) => String(number),
        style: style.strong,
      },
      { title: "Title", text: ({ title }) => title, isFlexible: true },
      { title: "Labels", text: ({ labels }) => labels.join(", ") },
      {
        title: "Updated",
        text: ({ updatedAt }) => relativeTime(updatedAt, platform.now()),
        exactText: ({ updatedAt }) => updatedAt,
      },
    ],
    records,
  );
}

/** `guts issue view`. */
export async function viewIssue(
  context: CommandContext,
  [text]: readonly string[],
  options: ShownOptions & { readonly comments?: true },
): Promise<void> {
  const { platform } = context;
  const { connection, path } = await selectIssue(context, text!, options);
  const { record, comments } = await withProgress(platform.stderr, "Reading the issue", async () => {
    const issue = await connection.client.call("GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}", { path });
    const all = connection.client.items("GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/comments", {
      path,
      query: { per_page: pageSizeMax },
    });
    return {
      record: issueRecord(issue),
      comments: options.comments === true ? await take(all, issue.comments) : [],
    };
  });
  if (options.web === true) return await platform.openBrowser(record.url);
  if (options.json !== undefined) return printJson(platform.stdout, options.json, issueFields, record);
  platform.stdout.write(headOf(context, record));
  for (const { user, created_at: at, body } of comments) {
    const when = relativeTime(at, platform.now());
    platform.stdout.write(`\n${context.style.strong(user.login)} ${context.style.quiet(when)}\n${safeText(body)}\n`);
  }
}

function headOf({ style, platform }: CommandContext, record: IssueRecord): string {
  const said = (name: string, value: string | number | null) =>
    value === "" || value === null ? [] : [`${name}:\t${safeLine(String(value))}`];
  const reason = record.stateReason === null ? "" : ` (${record.stateReason.replaceAll("_", " ")})`;
  return [
    `${style.strong(safeLine(record.title))} ${style.quiet(`#${record.number}`)}`,
    ...said("state", `${record.state}${reason}`),
    ...said("author", record.author),
    ...said("labels", record.labels.join(", ")),
    ...said("assignees", record.assignees.join(", ")),
    ...said("milestone", record.milestone),
    ...said("comments", record.comments),
    ...said("updated", platform.stdout.isTerminal ? relativeTime(record.updatedAt, platform.now()) : record.updatedAt),
    ...said("url", record.url),
    "--",
    safeText(record.body) || style.quiet("No description provided"),
    "",
  ].join("\n");
}

interface TriageOptions {
  readonly label?: readonly string[];
  readonly assignee?: readonly string[];
  readonly milestone?: string;
}

/** `guts issue create`: asks for the title where nobody gave one. */
export async function createIssue(
  context: CommandContext,
  _args: readonly string[],
  options: RepositoryOption & BodyOptions & TriageOptions & { readonly title?: string; readonly web?: true },
): Promise<void> {
  const selected = await selectRepository(context, options.repo);
  const { connection, owner, name } = selected;
  if (options.web === true) return await context.platform.openBrowser(`${connection.host}/${owner}/${name}/issues/new`);
  const isAsked = options.title === undefined;
  const check = (answer: string) => (answer.trim() === "" ? "A title cannot be empty." : undefined);
  const title = options.title ?? (await ask(context, { message: "Title", check }, "Give --title."));
  const given = bodyOf(options);
  const body =
    given ?? (isAsked ? await ask(context, { message: "Text (Markdown, may be empty)" }, "Give --body.") : "");
  const issue = await withProgress(context.platform.stderr, "Opening the issue", () =>
    connection.client.call("POST /api/v3/repos/{owner}/{repo}/issues", {
      path: pathOf(selected),
      body: {
        title,
        body,
        ...(options.label !== undefined && { labels: [...options.label] }),
        ...(options.assignee !== undefined && { assignees: [...options.assignee] }),
        ...(options.milestone !== undefined && { milestone: options.milestone }),
      },
    }),
  );
  sayDone(context, `Opened ${owner}/${name}#${issue.number}`);
  context.platform.stdout.write(`${issue.html_url}\n`);
}

interface EditOptions extends RepositoryOption, BodyOptions {
  readonly title?: string;
  readonly addLabel?: readonly string[];
  readonly removeLabel?: readonly string[];
  readonly addAssignee?: readonly string[];
  readonly removeAssignee?: readonly string[];
  /** False by `--no-milestone`. */
  readonly milestone?: string | false;
}

/** `guts issue edit`. */
export async function editIssue(
  context: CommandContext,
  [text]: readonly string[],
  options: EditOptions,
): Promise<void> {
  const { connection, owner, name, path, number } = await selectIssue(context, text!, options);
  const one = "/api/v3/repos/{owner}/{repo}/issues/{issue_number}" as const;
  const body = bodyOf(options);
  await withProgress(context.platform.stderr, "Changing the issue", async () => {
    const before = issueRecord(await connection.client.call(`GET ${one}`, { path }));
    const change = {
      ...(options.title !== undefined && { title: options.title }),
      ...(body !== undefined && { body }),
      ...(options.milestone !== undefined && { milestone: options.milestone === false ? null : options.milestone }),
      ...setOf("labels", before.labels, options.addLabel, options.removeLabel),
      ...setOf("assignees", before.assignees, options.addAssignee, options.removeAssignee),
    };
    if (Object.keys(change).length === 0) throw usageError("nothing to change is given", "Give --title, for example.");
    await connection.client.call(`PATCH ${one}`, { path, body: change });
  });
  sayDone(context, `Changed ${owner}/${name}#${number}`);
}

/** A list with some names more and some less, in any case; nothing when neither is given. */
function setOf<Name extends string>(
  field: Name,
  held: readonly string[],
  added: readonly string[] = [],
  removed: readonly string[] = [],
): Partial<Record<Name, string[]>> {
  if (added.length + removed.length === 0) return {};
  const gone = new Set(removed.map((name) => name.toLowerCase()));
  const kept = [...held, ...added].filter((name) => !gone.has(name.toLowerCase()));
  return { [field]: kept } as Partial<Record<Name, string[]>>;
}

/** `guts issue comment`. */
export async function commentOnIssue(
  context: CommandContext,
  [text]: readonly string[],
  options: RepositoryOption & BodyOptions,
): Promise<void> {
  const { connection, path } = await selectIssue(context, text!, options);
  const check = (answer: string) => (answer.trim() === "" ? "A comment cannot be empty." : undefined);
  const body = bodyOf(options) ?? (await ask(context, { message: "Comment", check }, "Give --body or --body-file."));
  const comment = await withProgress(context.platform.stderr, "Commenting", () =>
    connection.client.call("POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/comments", {
      path,
      body: { body },
    }),
  );
  context.platform.stdout.write(`${comment.html_url}\n`);
}

/** `guts issue close`, with a comment first when one is given. */
export async function closeIssue(
  context: CommandContext,
  [text]: readonly string[],
  options: RepositoryOption & {
    readonly reason?: "completed" | "not planned";
    readonly duplicateOf?: string;
    readonly comment?: string;
  },
): Promise<void> {
  const { connection, owner, name, path, number } = await selectIssue(context, text!, options);
  const one = "/api/v3/repos/{owner}/{repo}/issues/{issue_number}" as const;
  const original = options.duplicateOf === undefined ? undefined : parseIssueArgument(options.duplicateOf);
  await withProgress(context.platform.stderr, "Closing the issue", async () => {
    if (options.comment !== undefined)
      await connection.client.call(`POST ${one}/comments`, { path, body: { body: options.comment } });
    const reason = options.reason === "not planned" ? ("not_planned" as const) : ("completed" as const);
    const how = original === undefined ? { state_reason: reason } : { duplicate_of: Number(original.number) };
    await connection.client.call(`PATCH ${one}`, { path, body: { state: "closed", ...how } });
  });
  sayDone(context, `Closed ${owner}/${name}#${number}`);
}

/** `guts issue reopen`. */
export async function reopenIssue(
  context: CommandContext,
  [text]: readonly string[],
  options: RepositoryOption,
): Promise<void> {
  const { connection, owner, name, path, number } = await selectIssue(context, text!, options);
  await withProgress(context.platform.stderr, "Reopening the issue", () =>
    connection.client.call("PATCH /api/v3/repos/{owner}/{repo}/issues/{issue_number}", {
      path,
      body: { state: "open" },
    }),
  );
  sayDone(context, `Reopened ${owner}/${name}#${number}`);
}

/** `guts issue lock`. */
export async function lockIssue(
  context: CommandContext,
  [text]: readonly string[],
  options: RepositoryOption & { readonly reason?: "off-topic" | "too heated" | "resolved" | "spam" },
): Promise<void> {
  const { connection, owner, name, path, number } = await selectIssue(context, text!, options);
  const body = options.reason === undefined ? {} : { lock_reason: options.reason };
  await connection.client.call("PUT /api/v3/repos/{owner}/{repo}/issues/{issue_number}/lock", { path, body });
  sayDone(context, `Locked ${owner}/${name}#${number}: only people with write access add to it`);
}

/** `guts issue unlock`, `guts issue pin` and `guts issue unpin`. */
export const unlockIssue = simply("DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/lock", "Unlocked");
export const pinIssue = simply("PUT /api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin", "Pinned");
export const unpinIssue = simply("DELETE /api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin", "Unpinned");

function simply(
  route:
    | "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/lock"
    | `${"PUT" | "DELETE"} /api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin`,
  done: string,
) {
  return async (context: CommandContext, [text]: readonly string[], options: RepositoryOption): Promise<void> => {
    const { connection, owner, name, path, number } = await selectIssue(context, text!, options);
    await connection.client.call(route, { path });
    sayDone(context, `${done} ${owner}/${name}#${number}`);
  };
}
