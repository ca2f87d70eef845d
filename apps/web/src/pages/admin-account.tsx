import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { AccountLabels } from "../administration/account-labels.tsx";
import { BudgetSection } from "../administration/budget-section.tsx";
import { SuspensionSection } from "../administration/suspension-section.tsx";
import { administeredAccountQuery } from "../api/administration-queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { RelativeTime } from "../components/relative-time.tsx";

export const adminAccountRoute = createLazyRoute("/admin/accounts/$handle")({ component: AdminAccountPage });

const route = getRouteApi("/admin/accounts/$handle");

/** One account, and what administrators decide about it. */
function AdminAccountPage(): ReactElement {
  const { data: account } = useSuspenseQuery(administeredAccountQuery(route.useParams().handle));
  const viewer = useViewer();
  const { handle, name, isOrganization } = account;
  return (
    <div className="stack loose">
      <title>{`${handle} · Site admin · Guts`}</title>
      <div className="row wrap">
        <Avatar handle={handle} size={48} square={isOrganization} />
        <div className="grow">
          <div className="row wrap">
            <h1>{handle}</h1>
            <AccountLabels account={account} />
          </div>
          <div className="meta">
            {name === null ? null : <span>{name}</span>}
            <span>Account {account.id}</span>
            <span>
              Since <RelativeTime time={account.createdAt} />
            </span>
            <Link to="/$owner" params={{ owner: handle }}>
              Profile
            </Link>
            <Link to="/admin/audit-log" search={{ actor: handle }}>
              What it did to the network
            </Link>
          </div>
        </div>
      </div>
      {isOrganization ? (
        <p className="muted">
          An organization has no keys and never acts itself: its people act for it, each by their own budget.
        </p>
      ) : (
        <>
          <SuspensionSection account={account} isSelf={viewer?.handle === handle} />
          <BudgetSection handle={handle} />
        </>
      )}
    </div>
  );
}
