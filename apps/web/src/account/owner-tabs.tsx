import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import { StarIcon } from "@primer/octicons-react/StarIcon";
import type { AccountView } from "@guts/api";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import type { OwnerTab } from "../routes/search.ts";
import { formatNumber } from "../text/quantity.ts";

interface OwnerTabsProps {
  readonly view: AccountView;
  readonly tab: OwnerTab;
}

/** What of a person is listed: their repositories, or those that they have starred. */
export function OwnerTabs({ view, tab }: OwnerTabsProps): ReactElement {
  const params = { owner: view.account.handle };
  const current = (is: boolean) => ({
    activeOptions: { exact: true, includeSearch: true },
    ...(is ? { "aria-current": "page" as const } : {}),
  });
  return (
    <nav className="tabs" aria-label="Profile">
      <Link to="/$owner" params={params} className="tab" {...current(tab === "repositories")}>
        <RepoIcon /> Repositories
      </Link>
      <Link to="/$owner" params={params} search={{ tab: "stars" }} className="tab" {...current(tab === "stars")}>
        <StarIcon /> Stars <span className="counter">{formatNumber(view.starredCount)}</span>
      </Link>
    </nav>
  );
}
