import { StarIcon } from "@primer/octicons-react/StarIcon";
import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import type { AccountView } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { FollowPanel } from "../account/follow-panel.tsx";
import { OwnerTabs } from "../account/owner-tabs.tsx";
import { ProfileCard } from "../account/profile-card.tsx";
import { accountQuery } from "../api/queries.ts";
import { Blankslate } from "../components/blankslate.tsx";
import { buttonClass } from "../components/button.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { Pagination } from "../components/pagination.tsx";
import { OrganizationHome } from "../organization/organization-home.tsx";
import { RepositoryList } from "../repository/repository-list.tsx";
import { isFollowTab } from "../routes/search.ts";

export const ownerRoute = createLazyRoute("/$owner")({ component: OwnerPage });

const route = getRouteApi("/$owner");

/** An account and its repositories. */
function OwnerPage(): ReactElement {
  const { owner } = route.useParams();
  const { page = 1, query = "", tab } = route.useSearch();
  const { data: view } = useSuspenseQuery(
    isFollowTab(tab) ? accountQuery(owner, 1, query) : accountQuery(owner, page, query, tab),
  );
  if (view.isOrganization && !isFollowTab(tab)) return <OrganizationHome view={view} query={query} />;
  return (
    <div className="page">
      <title>{`${view.account.handle} · Guts`}</title>
      <div className="columns owner">
        <ProfileCard view={view} />
        <div className="stack">
          {view.isOrganization ? null : <OwnerTabs view={view} tab={tab ?? "repositories"} />}
          {isFollowTab(tab) ? (
            <FollowPanel view={view} list={tab} page={page} />
          ) : tab === "stars" ? (
            <Stars view={view} />
          ) : (
            <Repositories view={view} query={query} />
          )}
        </div>
      </div>
    </div>
  );
}

function Stars({ view }: { readonly view: AccountView }): ReactElement {
  const hint = view.isViewer
    ? "Star a repository to find it again here."
    : "Stars on private repositories are not shown.";
  return (
    <section aria-labelledby="stars">
      <h2 id="stars" className="visually-hidden">
        Stars
      </h2>
      {view.repositories.length === 0 ? (
        <div className="box">
          <Blankslate icon={StarIcon} title="No stars to see">
            {hint}
          </Blankslate>
        </div>
      ) : (
        <RepositoryList repositories={view.repositories} />
      )}
      <Pagination page={view.page} hasMore={view.hasMore} />
    </section>
  );
}

function Repositories({ view, query }: { readonly view: AccountView; readonly query: string }): ReactElement {
  const isFilled = view.repositories.length > 0 || query !== "" || view.page > 1;
  return (
    <section aria-labelledby="repositories">
      <div className="page-title row apart">
        <h2 id="repositories">Repositories</h2>
        {view.isViewer ? (
          <Link to="/new" className={buttonClass({ small: true })}>
            New repository
          </Link>
        ) : null}
      </div>
      {isFilled ? <FilterForm label="Find a repository" query={query} /> : null}
      {view.repositories.length === 0 ? (
        <div className="box">
          <Blankslate icon={RepoIcon} title={emptyTitle(view, query)}>
            {emptyHint(view, query)}
          </Blankslate>
        </div>
      ) : (
        <RepositoryList repositories={view.repositories} hideOwner />
      )}
      <Pagination page={view.page} hasMore={view.hasMore} />
    </section>
  );
}

function emptyTitle(view: AccountView, query: string): string {
  if (query !== "") return `No repository begins with “${query}”`;
  return view.isViewer ? "You have no repositories yet" : "Nothing public yet";
}

function emptyHint(view: AccountView, query: string): string {
  if (query !== "") return "Look for the beginning of its name, or clear the field to see all.";
  return view.isViewer
    ? "Make one with “New repository”, then push to it."
    : "What is private is shown to whom it is shared with.";
}
