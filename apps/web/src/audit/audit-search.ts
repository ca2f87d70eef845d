import { textIn } from "../routes/search.ts";

/** What an audit log is filtered by, and after which act its page goes on; as it stands in the address. */
export interface AuditSearch {
  /** An act such as `org.add_member`, or a category such as `org`. */
  readonly action?: string;
  /** A handle. */
  readonly actor?: string;
  /** Days in UTC, both included: `2026-11-20`. */
  readonly from?: string;
  readonly until?: string;
  /** The sequence of the last act of the page before. */
  readonly after?: number;
}

/** The fields that narrow a log; `after` only says where in it the page is. */
export const auditFilterNames = ["action", "actor", "from", "until"] as const;

/** What stands after the `?` of a log's address; anything else is left out. */
export function auditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  const after = Number(search["after"]);
  const [action, actor] = [wordIn(search, "action"), wordIn(search, "actor")];
  const [from, until] = [dayIn(search, "from"), dayIn(search, "until")];
  return {
    ...(action !== undefined && { action }),
    ...(actor !== undefined && { actor }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(Number.isSafeInteger(after) && after > 0 && { after }),
  };
}

/** GitHub's qualifiers for a filter, as the log's route takes them; undefined for all of it. */
export function phraseOf({ action, actor, from, until }: AuditSearch): string | undefined {
  const created = createdOf(from, until);
  const qualifiers = [
    ...(action === undefined ? [] : [`action:${action}`]),
    ...(actor === undefined ? [] : [`actor:${actor}`]),
    ...(created === undefined ? [] : [`created:${created}`]),
  ];
  return qualifiers.length === 0 ? undefined : qualifiers.join(" ");
}

function createdOf(from: string | undefined, until: string | undefined): string | undefined {
  if (from !== undefined && until !== undefined) return `${from}..${until}`;
  if (from !== undefined) return `>=${from}`;
  return until === undefined ? undefined : `<=${until}`;
}

/** A text without white space: it is one word of the phrase. */
function wordIn(search: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const text = textIn(search, name)?.trim();
  return text !== undefined && /^\S+$/.test(text) ? text : undefined;
}

function dayIn(search: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const text = textIn(search, name);
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) ? text : undefined;
}
