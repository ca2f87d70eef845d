import { LinkIcon } from "@primer/octicons-react/LinkIcon";
import { LocationIcon } from "@primer/octicons-react/LocationIcon";
import { StarIcon } from "@primer/octicons-react/StarIcon";
import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import type { AccountView } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { OwnerTabs } from "../account/owner-tabs.tsx";
import { Website } from "../account/website.tsx";
import { accountQuery } from "../api/queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { buttonClass } from "../components/button.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { Pagination } from "../components/pagination.tsx";
import { OrganizationHome } from "../organization/organization-home.tsx";
import { RepositoryList } from "../repository/repository-list.tsx";
import type { OwnerTab } from "../routes/search.ts";
import { formatDay } from "../text/relative-time.ts";

export const ownerRoute = createLazyRoute("/$owner")({ component: OwnerPage });

const route = getRouteApi("/$owner");

/** An account and its repositories. */
function OwnerPage(): ReactElement {
  const { owner } = route.useParams();
  const { page = 1, query = "", tab } = route.useSearch();
  const { data: view } = useSuspenseQuery(accountQuery(owner, page, query, tab));
  return view.isOrganization ? (
    <OrganizationHome view={view} query={query} />
  ) : (
    <PersonPage view={view} query={query} tab={tab ?? "repositories"} />
  );
}

interface PersonPageProps {
  readonly view: AccountView;
  readonly query: string;
  readonly tab: OwnerTab;
}

function PersonPage({ view, query, tab }: PersonPageProps): ReactElement {
  return (
    <div className="page">
      <title>{`${view.account.handle} · Guts`}</title>
      <div className="columns owner">
        <Profile view={view} />
        <div className="stack">
          <OwnerTabs view={view} tab={tab} />
          {tab === "stars" ? <Stars view={view} /> : <Repositories view={view} query={query} />}
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

function Repositories({ view, query }: Omit<PersonPageProps, "tab">): ReactElement {
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

function Profile({ view }: { readonly view: AccountView }): ReactElement {
  const { account, bio, location, blog } = view;
  return (
    <aside className="profile" aria-label="Profile">
      <Avatar handle={account.handle} size={200} />
      <div className="stack tight">
        <div>
          <h1>{account.name ?? account.handle}</h1>
          {account.name === null ? null : <p className="muted">{account.handle}</p>}
        </div>
        {bio ? <p>{bio}</p> : null}
        <ul className="meta">
          {location ? (
            <li>
              <LocationIcon /> {location}
            </li>
          ) : null}
          {blog ? (
            <li>
              <LinkIcon /> <Website url={blog} />
            </li>
          ) : null}
          <li>Joined {formatDay(new Date(account.createdAt))}</li>
        </ul>
        {view.isViewer ? (
          <Link to="/settings/profile" className={buttonClass({ small: true })}>
            Edit profile
          </Link>
        ) : null}
        <Organizations view={view} />
      </div>
    </aside>
  );
}

function Organizations({ view }: { readonly view: AccountView }): ReactElement | null {
  if (view.organizations.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="organizations">
      <h2 id="organizations">Organizations</h2>
      <ul className="faces">
        {view.organizations.map(({ handle, name }) => (
          <li key={handle}>
            <Link to="/$owner" params={{ owner: handle }} title={name ?? handle} aria-label={handle}>
              <Avatar handle={handle} size={35} square />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
