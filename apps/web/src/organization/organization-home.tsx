import { LinkIcon } from "@primer/octicons-react/LinkIcon";
import { LocationIcon } from "@primer/octicons-react/LocationIcon";
import { PlusIcon } from "@primer/octicons-react/PlusIcon";
import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import type { AccountView, OrganizationView } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { FollowButton } from "../account/follow-button.tsx";
import { FollowCounts } from "../account/follow-counts.tsx";
import { Website } from "../account/website.tsx";
import { organizationQuery } from "../api/organization-queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { Banner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { buttonClass } from "../components/button.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { Pagination } from "../components/pagination.tsx";
import { RepositoryList } from "../repository/repository-list.tsx";
import { OrganizationTabs } from "./organization-tabs.tsx";

interface OrganizationHomeProps {
  readonly view: AccountView;
  readonly query: string;
}

/** An organization's own page: what it is, its repositories, and its people. */
export function OrganizationHome({ view, query }: OrganizationHomeProps): ReactElement {
  const { data } = useSuspenseQuery(organizationQuery(view.account.handle));
  return (
    <>
      <title>{`${data.organization.name ?? data.organization.handle} · Guts`}</title>
      <OrganizationTabs view={data} />
      <div className="page stack loose">
        <InvitationBanner view={data} />
        <Heading view={data} account={view} />
        <div className="columns">
          <Repositories view={view} organization={data} query={query} />
          <aside className="stack loose" aria-label="About the organization">
            <Faces view={data} />
          </aside>
        </div>
      </div>
    </>
  );
}

function InvitationBanner({ view }: { readonly view: OrganizationView }): ReactElement | null {
  const { invitation } = view.viewer;
  if (invitation === null) return null;
  return (
    <Banner tone="accent">
      {invitation.inviter} invites you to {invitation.organization.handle}.{" "}
      <Link to="/orgs/$org/invitation" params={{ org: invitation.organization.handle }}>
        Answer
      </Link>
    </Banner>
  );
}

interface HeadingProps {
  readonly view: OrganizationView;
  readonly account: AccountView;
}

function Heading({ view, account }: HeadingProps): ReactElement {
  const { handle, name, description, location, blog } = view.organization;
  return (
    <header className="org-heading">
      <Avatar handle={handle} path={account.account.avatarPath} size={88} square />
      <div className="stack tight">
        <div className="row wrap">
          <h1>{name ?? handle}</h1>
          {name === null ? null : <span className="muted">{handle}</span>}
          {account.isFollowed === null ? null : <FollowButton handle={handle} isFollowed={account.isFollowed} />}
        </div>
        {description ? <p>{description}</p> : null}
        {location || blog ? (
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
          </ul>
        ) : null}
        <FollowCounts view={account} />
      </div>
    </header>
  );
}

interface RepositoriesProps extends OrganizationHomeProps {
  readonly organization: OrganizationView;
}

function Repositories({ view, organization, query }: RepositoriesProps): ReactElement {
  const { membership } = organization.viewer;
  const mayCreate = membership !== null && (membership.mayCreatePublic || membership.mayCreatePrivate);
  const owner = view.account.handle;
  const isFilled = view.repositories.length > 0 || query !== "" || view.page > 1;
  return (
    <section aria-labelledby="repositories">
      <div className="page-title row apart">
        <h2 id="repositories">Repositories</h2>
        {mayCreate && isFilled ? (
          <Link to="/new" search={{ owner }} className={buttonClass({ variant: "primary" })}>
            <PlusIcon /> New repository
          </Link>
        ) : null}
      </div>
      {isFilled ? <FilterForm label="Find a repository" query={query} /> : null}
      {view.repositories.length > 0 ? (
        <RepositoryList repositories={view.repositories} hideOwner />
      ) : (
        <div className="box">
          <NoRepositories owner={owner} query={query} mayCreate={mayCreate} />
        </div>
      )}
      <Pagination page={view.page} hasMore={view.hasMore} />
    </section>
  );
}

interface NoRepositoriesProps {
  readonly owner: string;
  readonly query: string;
  readonly mayCreate: boolean;
}

function NoRepositories({ owner, query, mayCreate }: NoRepositoriesProps): ReactElement {
  if (query !== "")
    return (
      <Blankslate icon={RepoIcon} title={`No repository begins with “${query}”`}>
        Look for the beginning of its name, or clear the field to see all.
      </Blankslate>
    );
  if (!mayCreate)
    return (
      <Blankslate icon={RepoIcon} title="No repositories that you can see">
        {owner} has none that are public or shared with you.
      </Blankslate>
    );
  const actions = (
    <Link to="/new" search={{ owner }} className={buttonClass({ variant: "primary" })}>
      New repository
    </Link>
  );
  return (
    <Blankslate icon={RepoIcon} title={`Make the first repository of ${owner}`} actions={actions}>
      Its members and teams then work on it together.
    </Blankslate>
  );
}

function Faces({ view }: { readonly view: OrganizationView }): ReactElement {
  const org = view.organization.handle;
  return (
    <section className="stack tight" aria-labelledby="people">
      <h2 id="people">People</h2>
      {view.people.length === 0 ? (
        <p className="muted">Nobody shows that they are a member.</p>
      ) : (
        <ul className="faces">
          {view.people.map(({ handle, name }) => (
            <li key={handle}>
              <Link to="/$owner" params={{ owner: handle }} title={name ?? handle} aria-label={handle}>
                <Avatar handle={handle} size={35} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      {view.viewer.membership === null ? null : (
        <p className="small">
          <Link to="/orgs/$org/people" params={{ org }}>
            {view.viewer.mayAdminister ? "Invite somebody" : "See everybody"}
          </Link>
        </p>
      )}
    </section>
  );
}
