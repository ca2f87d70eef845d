import { PlusIcon } from "@primer/octicons-react/PlusIcon";
import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import { SearchIcon } from "@primer/octicons-react/SearchIcon";
import type { HomeView } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { ownOrganizationsQuery } from "../api/organization-queries.ts";
import { ownTransfersQuery } from "../api/queries.ts";
import { Banner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { buttonClass } from "../components/button.tsx";
import { NetworkCard } from "../network/network-card.tsx";
import { RepositoryLink } from "../repository/links.tsx";
import { RepositoryList } from "../repository/repository-list.tsx";
import { formatCount } from "../text/quantity.ts";

/** From how many repositories on a filter stands above the list. */
const filterFrom = 6;

/** One's own repositories and how the network is. */
export function SignedInHome({ home }: { readonly home: HomeView }): ReactElement {
  const { data: offers = [] } = useQuery(ownTransfersQuery);
  const { data: organizations } = useQuery(ownOrganizationsQuery);
  return (
    <div className="columns">
      <div className="stack">
        {home.invitationCount > 0 ? (
          <Banner tone="accent">
            You have {formatCount(home.invitationCount, "invitation")} to a repository.{" "}
            <Link to="/invitations">Answer</Link>
          </Banner>
        ) : null}
        {organizations?.invitations.map(({ organization: { handle }, inviter }) => (
          <Banner key={handle} tone="accent">
            {inviter} invites you to {handle}.{" "}
            <Link to="/orgs/$org/invitation" params={{ org: handle }}>
              Answer
            </Link>
          </Banner>
        ))}
        {offers.length > 0 ? (
          <Banner tone="accent">
            {formatCount(offers.length, "repository is", "repositories are")} offered to you.{" "}
            <Link to="/invitations">Answer</Link>
          </Banner>
        ) : null}
        <OwnRepositories home={home} />
      </div>
      <aside className="stack loose" aria-label="Network and news">
        <NetworkCard />
        <NewestPublic home={home} />
      </aside>
    </div>
  );
}

function OwnRepositories({ home }: { readonly home: HomeView }): ReactElement {
  const [filter, setFilter] = useState("");
  const wanted = filter.trim().toLowerCase();
  const shown = home.repositories.filter(({ owner, name }) => `${owner}/${name}`.toLowerCase().includes(wanted));
  return (
    <section aria-labelledby="own-repositories">
      <div className="page-title row apart">
        <h1 id="own-repositories">Your repositories</h1>
        <Link to="/new" className={buttonClass({ variant: "primary" })}>
          <PlusIcon /> New repository
        </Link>
      </div>
      {home.repositories.length < filterFrom ? null : (
        <div className="input-with-icon">
          <SearchIcon />
          <input
            type="search"
            className="input"
            aria-label="Find a repository"
            placeholder="Find a repository…"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        </div>
      )}
      {home.repositories.length === 0 ? <NoRepositories /> : <RepositoryList repositories={shown} />}
      {home.repositories.length > 0 && shown.length === 0 ? (
        <p className="diff-note">None matches “{filter}”.</p>
      ) : null}
    </section>
  );
}

function NoRepositories(): ReactElement {
  return (
    <div className="box">
      <Blankslate
        icon={RepoIcon}
        title="Make your first repository"
        actions={
          <Link to="/new" className={buttonClass({ variant: "primary" })}>
            New repository
          </Link>
        }
      >
        It holds a project’s files and every version of them. You then push to it with any git.
      </Blankslate>
    </div>
  );
}

function NewestPublic({ home }: { readonly home: HomeView }): ReactElement | null {
  const own = new Set(home.repositories.map((repository) => repository.id));
  const others = home.publicRepositories.filter((repository) => !own.has(repository.id)).slice(0, 8);
  if (others.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="newest-public">
      <h2 id="newest-public">New on this network</h2>
      <ul className="stack tight">
        {others.map((repository) => (
          <li key={repository.id} className="row">
            <RepoIcon className="muted" />
            <RepositoryLink repository={repository} className="truncate">
              {repository.owner}/{repository.name}
            </RepositoryLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
