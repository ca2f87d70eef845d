import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { auditActionsQuery } from "../api/audit-queries.ts";
import { Button, buttonClass } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { SuggestField } from "../components/suggest-field.tsx";
import { auditFilterNames, auditSearch, type AuditSearch } from "./audit-search.ts";

/** Narrows a log by act, person and days; what it asks for stands in the address, so that it can be passed on. */
export function AuditFilter({ search }: { readonly search: AuditSearch }): ReactElement {
  const navigate = useNavigate();
  const { data: actions = [] } = useQuery(auditActionsQuery);
  const isNarrowed = auditFilterNames.some((name) => search[name] !== undefined);
  return (
    <form
      // A filter that came with the address shows in its fields.
      key={JSON.stringify(search)}
      role="search"
      aria-label="Filter the log"
      className="audit-filter"
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = auditSearch(Object.fromEntries(new FormData(event.currentTarget)));
        void navigate({ to: ".", search: wanted as never });
      }}
    >
      <SuggestField
        label="Action"
        name="action"
        placeholder="org.add_member, org"
        defaultValue={search.action ?? ""}
        suggestions={[...categoriesOf(actions), ...actions].map((value) => ({ value }))}
      />
      <TextField
        label="By"
        name="actor"
        placeholder="a handle"
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        defaultValue={search.actor ?? ""}
      />
      <TextField label="From" name="from" type="date" defaultValue={search.from ?? ""} />
      <TextField label="Until" name="until" type="date" defaultValue={search.until ?? ""} />
      <div className="form-actions">
        <Button type="submit">Filter</Button>
        {isNarrowed ? (
          <Link to="." search={{} as never} className={buttonClass({ variant: "invisible" })}>
            Clear
          </Link>
        ) : null}
      </div>
    </form>
  );
}

/** What actions have before their dot, each once, in their order. */
function categoriesOf(actions: readonly string[]): readonly string[] {
  return [...new Set(actions.map((action) => action.split(".", 1)[0] ?? ""))];
}
