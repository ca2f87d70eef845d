import type { ApiOutput } from "@guts/api/client";
import { CliError, usageError } from "../../cli-error.ts";
import { readFileSync } from "node:fs";
import { parseRepositoryUrl } from "../../git/remotes.ts";
import type { issueFields } from "../../tree/fields.ts";

/** An issue as `--json` prints it. */
export type IssueRecord = Readonly<Record<(typeof issueFields)[number], unknown>> & {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
  readonly stateReason: string | null;
  readonly author: string;
  readonly milestone: string | null;
  readonly comments: number;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly updatedAt: string;
  readonly url: string;
};

type Shown = ApiOutput<"GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}">;

/** The fields of an issue under the names of `--json`. */
export function issueRecord(issue: Shown): IssueRecord {
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    state: issue.state,
    stateReason: issue.state_reason,
    author: issue.user.login,
    labels: issue.labels.map(({ name }) => name),
    assignees: issue.assignees.map(({ login }) => login),
    milestone: issue.milestone?.title ?? null,
    comments: issue.comments,
    isLocked: issue.locked,
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
    closedAt: issue.closed_at,
    url: issue.html_url,
  };
}

/** How a person named an issue: `12`, `#12` or the URL of its page. Throws `usage` for anything else. */
export function parseIssueArgument(text: string): { readonly number: string; readonly repository: string | undefined } {
  const plain = /^#?([1-9]\d{0,14})$/.exec(text);
  if (plain !== null) return { number: plain[1]!, repository: undefined };
  const page = /^(https?:\/\/.+)\/(?:issues|pull)\/([1-9]\d{0,14})(?:#.*)?$/.exec(text);
  if (page === null || parseRepositoryUrl(page[1]!) === undefined)
    throw usageError(`"${text}" is no issue`, "Give its number, such as 12, or the URL of its page.");
  return { number: page[2]!, repository: page[1]! };
}

/** The text of `--body`, or of the file of `--body-file`, `-` for standard input; undefined when neither is given. */
export function bodyOf({ body, bodyFile }: BodyOptions): string | undefined {
  if (body !== undefined && bodyFile !== undefined) throw usageError("--body and --body-file exclude each other");
  if (bodyFile === undefined) return body;
  try {
    return readFileSync(bodyFile === "-" ? 0 : bodyFile, "utf8");
  } catch (cause) {
    throw new CliError("file", `${bodyFile} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Where a text comes from. */
export interface BodyOptions {
  readonly body?: string;
  readonly bodyFile?: string;
}
