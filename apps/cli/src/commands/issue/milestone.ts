import { usageError } from "../../cli-error.ts";
import type { CommandContext } from "../../context.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { listLimitMax, pageSizeMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { milestoneFields } from "../../tree/fields.ts";
import { confirm } from "../ask.ts";
import { take } from "../limit.ts";
import { sayDone } from "../say.ts";

interface RepositoryOption {
  readonly repo?: string;
}

/** `guts milestone list`. */
export async function listMilestones(
  context: CommandContext,
  _args: readonly string[],
  options: RepositoryOption & { readonly state?: "open" | "closed" | "all"; readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const milestones = await withProgress(platform.stderr, "Listing milestones", () =>
    take(
      connection.client.items("GET /api/v3/repos/{owner}/{repo}/milestones", {
        path: { owner, repo: name },
        query: { per_page: pageSizeMax, state: options.state ?? "open" },
      }),
      listLimitMax,
    ),
  );
  const records = milestones.map((milestone) => ({
    number: milestone.number,
    title: milestone.title,
    description: milestone.description ?? "",
    state: milestone.state,
    openIssues: milestone.open_issues,
    closedIssues: milestone.closed_issues,
    dueOn: milestone.due_on,
    url: milestone.html_url,
  }));
  if (options.json !== undefined) return printJson(platform.stdout, options.json, milestoneFields, records);
  await printTable(
    platform.stdout,
    style,
    [
      { title: "Number", text: ({ number }) => String(number), style: style.strong },
      { title: "Title", text: ({ title }) => title, isFlexible: true },
      { title: "Closed", text: (row) => `${row.closedIssues} of ${row.openIssues + row.closedIssues}` },
      { title: "Due", text: ({ dueOn }) => dueOn?.slice(0, 10) ?? "" },
    ],
    records,
  );
}

interface MilestoneOptions extends RepositoryOption {
  readonly description?: string;
  /** False by `--no-due`. */
  readonly due?: string | false;
}

/** `guts milestone create`. */
export async function createMilestone(
  context: CommandContext,
  [title]: readonly string[],
  { repo, description, due }: MilestoneOptions,
): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, repo);
  const body = { title: title!, ...(description !== undefined && { description }), ...dueOf(due) };
  const made = await connection.client.call("POST /api/v3/repos/{owner}/{repo}/milestones", {
    path: { owner, repo: name },
    body,
  });
  sayDone(context, `Made milestone ${made.number}, ${made.title}, in ${owner}/${name}`);
}

/** `guts milestone edit`. */
export async function editMilestone(
  context: CommandContext,
  [number]: readonly string[],
  {
    repo,
    title,
    description,
    due,
    state,
  }: MilestoneOptions & { readonly title?: string; readonly state?: "open" | "closed" },
): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, repo);
  const body = {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(state !== undefined && { state }),
    ...dueOf(due),
  };
  if (Object.keys(body).length === 0) throw usageError("nothing to change is given", "Give --title, for example.");
  const path = { owner, repo: name, milestone_number: number! };
  await connection.client.call("PATCH /api/v3/repos/{owner}/{repo}/milestones/{milestone_number}", { path, body });
  sayDone(context, `Changed milestone ${number} of ${owner}/${name}`);
}

/** `guts milestone delete`. */
export async function deleteMilestone(
  context: CommandContext,
  [number]: readonly string[],
  { repo, yes }: RepositoryOption & { readonly yes?: true },
): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, repo);
  await confirm(context, `Delete milestone ${number} of ${owner}/${name}? Its issues stay`, yes);
  const path = { owner, repo: name, milestone_number: number! };
  await connection.client.call("DELETE /api/v3/repos/{owner}/{repo}/milestones/{milestone_number}", { path });
  sayDone(context, `Deleted milestone ${number} of ${owner}/${name}`);
}

/** A day, as the API wants it. Throws `usage` for anything else. */
function dueOf(due: string | false | undefined): { due_on?: string | null } {
  if (due === undefined) return {};
  if (due === false) return { due_on: null };
  if (!/^\d{4}-\d{2}-\d{2}$/.test(due) || Number.isNaN(Date.parse(due)))
    throw usageError(`--due takes a day such as 2027-01-31, not "${due}"`);
  return { due_on: `${due}T00:00:00Z` };
}
