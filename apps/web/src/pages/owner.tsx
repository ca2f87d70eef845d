import { LinkIcon } from "@primer/octicons-react/LinkIcon";
import { LocationIcon } from "@primer/octicons-react/LocationIcon";
import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import type { AccountView } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { accountQuery } from "../api/queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { buttonClass } from "../components/button.tsx";
import { Pagination } from "../components/pagination.tsx";
import { RepositoryList } from "../repository/repository-list.tsx";
import { formatDay } from "../text/relative-time.ts";

export const ownerRoute = createLazyRoute("/$owner")({ component: OwnerPage });

const route = getRouteApi("/$owner");

/** An account and its repositories. */
function OwnerPage(): ReactElement {
  const { owner } = route.useParams();
  const { page = 1 } = route.useSearch();
  const { data: view } = useSuspenseQuery(accountQuery(owner, page));
  return (
    <div className="page">
      <title>{`${view.account.handle} · Guts`}</title>
      <div className="columns owner">
        <Profile view={view} />
        <section aria-labelledby="repositories">
          <div className="page-title row apart">
            <h2 id="repositories">Repositories</h2>
            {view.isViewer ? (
              <Link to="/new" className={buttonClass({ small: true })}>
                New repository
              </Link>
            ) : null}
          </div>
          {view.repositories.length === 0 ? (
            <div className="box">
              <Blankslate
                icon={RepoIcon}
                title={view.isViewer ? "You have no repositories yet" : "Nothing public yet"}
              />
            </div>
          ) : (
            <RepositoryList repositories={view.repositories} hideOwner />
          )}
          <Pagination page={page} hasMore={view.hasMore} />
        </section>
      </div>
    </div>
  );
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
      </div>
    </aside>
  );
}

/** A link only when it leads to the web; anyone may write anything into their profile. */
function Website({ url }: { readonly url: string }): ReactElement {
  const isWeb = /^https?:\/\//i.test(url);
  return isWeb ? (
    <a href={url} rel="nofollow noreferrer">
      {url}
    </a>
  ) : (
    <span>{url}</span>
  );
}
