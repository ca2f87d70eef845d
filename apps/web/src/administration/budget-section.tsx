import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";

import { standingQuery } from "../api/administration-queries.ts";
import { api } from "../api/client.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { BudgetDialog } from "./budget-dialog.tsx";
import { BudgetMeters } from "./budget-meters.tsx";

/** What an account may still write, and the way to change it. */
export function BudgetSection({ handle }: { readonly handle: string }): ReactElement {
  const [isChanging, setIsChanging] = useState(false);
  const { data: standing, error } = useQuery(standingQuery(handle));
  return (
    <section className="stack tight" aria-labelledby="budget">
      <div className="row apart wrap">
        <h2 id="budget">Budget</h2>
        <Button small disabled={standing === undefined} onClick={() => setIsChanging(true)}>
          Change budget
        </Button>
      </div>
      <FailureBanner error={error} />
      {standing === undefined ? (
        error === null ? (
          <SkeletonRows count={3} />
        ) : null
      ) : (
        <>
          <BudgetMeters budget={standing} />
          <p className="small muted">
            {standing.isUsual ? "The usual budget of every account." : "Set by an administrator for this account."}
          </p>
          {isChanging ? (
            <BudgetDialog
              of={handle}
              readers={`${handle} reads it, too.`}
              standing={standing}
              submit={(body) => api.call("PUT /api/guts/accounts/{handle}/budget", { path: { handle }, body })}
              onClose={() => setIsChanging(false)}
            />
          ) : null}
        </>
      )}
    </section>
  );
}
