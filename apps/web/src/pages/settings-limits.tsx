import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { BudgetMeters } from "../administration/budget-meters.tsx";
import { standingQuery } from "../api/administration-queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";

export const settingsLimitsRoute = createLazyRoute("/settings/limits")({ component: LimitsPage });

/** What one's account may still write to the network. */
function LimitsPage(): ReactElement {
  const viewer = useViewer();
  return (
    <div className="stack">
      <title>Limits · Settings · Guts</title>
      <h1>Limits</h1>
      <p className="muted">
        Every account may write so much at once and so much a minute, so that nobody can flood the network. Every node
        counts the same, in the time of the blocks; what was refused counts, too. Reading costs nothing.
      </p>
      {viewer === null || viewer === undefined ? <SkeletonRows count={3} /> : <Standing handle={viewer.handle} />}
    </div>
  );
}

function Standing({ handle }: { readonly handle: string }): ReactElement {
  const { data: standing, error } = useQuery({ ...standingQuery(handle), refetchInterval: 30_000 });
  if (standing === undefined) return error === null ? <SkeletonRows count={3} /> : <FailureBanner error={error} />;
  return (
    <>
      <BudgetMeters budget={standing} />
      <p className="muted small">
        {standing.isUsual
          ? "This is what every account has. An administrator of the network can give yours more."
          : "An administrator of the network set this for your account."}
      </p>
    </>
  );
}
