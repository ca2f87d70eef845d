import { HistoryIcon } from "@primer/octicons-react/HistoryIcon";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement, ReactNode } from "react";

import { auditLogQuery, type AuditLog as Log } from "../api/audit-queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { CursorPages } from "../components/cursor-pages.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { AuditFilter } from "./audit-filter.tsx";
import { AuditRow } from "./audit-row.tsx";
import { auditFilterNames, type AuditSearch } from "./audit-search.ts";

interface AuditLogProps {
  readonly log: Log;
  readonly search: AuditSearch;
  readonly title: string;
  /** What the log has, in a sentence. */
  readonly children: ReactNode;
}

/** A page of administrative acts, newest first, with what narrows it and a way to check each. */
export function AuditLog({ log, search, title, children }: AuditLogProps): ReactElement {
  const { data, error } = useQuery(auditLogQuery(log, search));
  const isNarrowed = auditFilterNames.some((name) => search[name] !== undefined);
  return (
    <div className="stack">
      <h1>{title}</h1>
      <p className="muted">{children}</p>
      <AuditFilter search={search} />
      <FailureBanner error={error} />
      {data === undefined ? (
        error === null ? (
          <SkeletonRows />
        ) : null
      ) : (
        <ol className="box" aria-label={title}>
          {data.entries.map((entry) => (
            <AuditRow key={entry._document_id} entry={entry} />
          ))}
          {data.entries.length === 0 ? (
            <li>
              <NoActs isNarrowed={isNarrowed} />
            </li>
          ) : null}
        </ol>
      )}
      <CursorPages
        name="after"
        isFirst={search.after === undefined}
        next={data?.hasMore === true ? data.entries.at(-1)?.sequence : undefined}
        labels={{ first: "Newest", next: "Older" }}
      />
    </div>
  );
}

function NoActs({ isNarrowed }: { readonly isNarrowed: boolean }): ReactElement {
  return isNarrowed ? (
    <Blankslate icon={HistoryIcon} title="Nothing in this log is so">
      Take a part of the filter away, or look at other days.
    </Blankslate>
  ) : (
    <Blankslate icon={HistoryIcon} title="Nothing yet">
      What is decided here is kept, with who did it and when.
    </Blankslate>
  );
}
