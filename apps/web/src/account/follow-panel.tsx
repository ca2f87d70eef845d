import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import type { AccountView, FollowCard, FollowList } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { followsQuery } from "../api/queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { FailureBanner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { Pagination } from "../components/pagination.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { FollowButton } from "./follow-button.tsx";

interface FollowPanelProps {
  readonly view: AccountView;
  readonly list: FollowList;
  readonly page: number;
}

/** Who follows an account, or whom it follows. */
export function FollowPanel({ view, list, page }: FollowPanelProps): ReactElement {
  const { handle } = view.account;
  const { data, error } = useQuery(followsQuery(handle, list, page));
  return (
    <section aria-labelledby="follows">
      <div className="page-title row apart">
        <h2 id="follows">{list === "followers" ? "Followers" : "Following"}</h2>
        {view.isOrganization ? (
          <Link to="/$owner" params={{ owner: handle }}>
            Back to {handle}
          </Link>
        ) : null}
      </div>
      <FailureBanner error={error} />
      {data === undefined ? (
        error === null ? (
          <SkeletonRows count={3} />
        ) : null
      ) : data.people.length === 0 ? (
        <div className="box">
          <Blankslate icon={PeopleIcon} title={emptyTitle(view, list)} />
        </div>
      ) : (
        <ul className="box">
          {data.people.map((person) => (
            <PersonRow key={person.handle} person={person} />
          ))}
        </ul>
      )}
      <Pagination page={page} hasMore={data?.hasMore ?? false} />
    </section>
  );
}

function emptyTitle(view: AccountView, list: FollowList): string {
  const { handle } = view.account;
  if (list === "followers") return view.isViewer ? "Nobody follows you yet" : `Nobody follows ${handle} yet`;
  return view.isViewer ? "You follow nobody yet" : `${handle} follows nobody yet`;
}

function PersonRow({ person }: { readonly person: FollowCard }): ReactElement {
  const { handle, name, bio, isFollowed } = person;
  return (
    <li className="box-row setting-row">
      <div className="row">
        <Avatar handle={handle} size={40} />
        <div className="grow">
          <Link to="/$owner" params={{ owner: handle }}>
            <strong>{name ?? handle}</strong>
          </Link>{" "}
          {name === null ? null : <span className="muted">{handle}</span>}
          {bio ? <p className="small muted">{bio}</p> : null}
          <p className="small muted">{[person.company, person.location].filter(Boolean).join(" · ")}</p>
        </div>
      </div>
      {isFollowed === null ? null : <FollowButton handle={handle} isFollowed={isFollowed} />}
    </li>
  );
}
