import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import type { AccountView } from "@guts/api";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { formatCount, formatNumber } from "../text/quantity.ts";

/** How many follow an account, and whom it follows; both lead to the lists. */
export function FollowCounts({ view }: { readonly view: AccountView }): ReactElement {
  const params = { owner: view.account.handle };
  return (
    <p className="follow-counts small muted">
      <PeopleIcon />{" "}
      <Link to="/$owner" params={params} search={{ tab: "followers" }}>
        {formatCount(view.followerCount, "follower")}
      </Link>
      {view.isOrganization ? null : (
        <>
          {" · "}
          <Link to="/$owner" params={params} search={{ tab: "following" }}>
            {formatNumber(view.followingCount)} following
          </Link>
        </>
      )}
    </p>
  );
}
