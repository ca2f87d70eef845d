import { auditActions } from "@guts/ledger";
import { parseTimeMs, type TimeMs } from "@guts/primitives";

import { invalidField } from "../errors.ts";

/** What the qualifiers of a phrase ask for. */
export interface AuditPhrase {
  readonly actions?: readonly string[];
  readonly actor?: string;
  readonly repo?: { readonly owner: string; readonly name: string };
  /** Both included. */
  readonly from?: TimeMs;
  readonly until?: TimeMs;
}

const dayMs = 24 * 60 * 60_000;

/**
 * Reads GitHub's qualifiers, separated by spaces: `action:org` (a category), `action:org.add_member`, `actor:LOGIN`,
 * `repo:OWNER/NAME`, `created:2026-11-20`, `created:>=...`, `created:<...`, `created:A..B`. Throws `Refusal` for anything else.
 */
export function parseAuditPhrase(phrase: string): AuditPhrase {
  return phrase
    .split(/\s+/)
    .filter((word) => word !== "")
    .reduce<AuditPhrase>((read, word) => ({ ...read, ...qualifierOf(word) }), {});
}

function qualifierOf(word: string): AuditPhrase {
  const [, name = "", value = ""] = /^(\w+):(.+)$/.exec(word) ?? [];
  switch (name) {
    case "action":
      return { actions: actionsOf(value) };
    case "actor":
      return { actor: value };
    case "repo": {
      const [, owner, repository] = /^([^/]+)\/([^/]+)$/.exec(value) ?? [];
      if (owner === undefined || repository === undefined) throw wrong("repo: wants OWNER/NAME");
      return { repo: { owner, name: repository } };
    }
    case "created":
      return createdOf(value);
    default:
      throw wrong(`does not understand "${word}": it takes action:, actor:, repo: and created:`);
  }
}

function actionsOf(value: string): readonly string[] {
  const named = auditActions.filter((action) => action === value || action.startsWith(`${value}.`));
  if (named.length === 0) throw wrong(`knows no action "${value}"; some are ${auditActions.slice(0, 4).join(", ")}`);
  return named;
}

function createdOf(value: string): AuditPhrase {
  const [, first, last] = /^([^.<>=]+(?:\.\d+Z)?)\.\.(\S+)$/.exec(value) ?? [];
  if (first !== undefined && last !== undefined) return { from: spanOf(first).from, until: spanOf(last).until };
  const [, sign = "", date = ""] = /^([<>]=?|)(.*)$/.exec(value) ?? [];
  const { from, until } = spanOf(date);
  if (sign === ">=") return { from };
  if (sign === "<=") return { until };
  if (sign === ">") return { from: (until + 1) as TimeMs };
  return sign === "<" ? { until: (from - 1) as TimeMs } : { from, until };
}

/** From the first to the last millisecond that a date or a time names. */
function spanOf(text: string): { readonly from: TimeMs; readonly until: TimeMs } {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const from = isDate || isTime ? parseTimeMs(Date.parse(text)) : undefined;
  if (from === undefined)
    throw wrong("created: wants a date such as 2026-11-20, or a time such as 2026-11-20T17:03:00Z");
  return { from, until: isDate ? ((from + dayMs - 1) as TimeMs) : from };
}

function wrong(message: string) {
  return invalidField({ resource: "AuditLog", field: "phrase", message });
}
