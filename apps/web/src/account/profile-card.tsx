import { LinkIcon } from "@primer/octicons-react/LinkIcon";
import { LocationIcon } from "@primer/octicons-react/LocationIcon";
import { MailIcon } from "@primer/octicons-react/MailIcon";
import { MentionIcon } from "@primer/octicons-react/MentionIcon";
import { OrganizationIcon } from "@primer/octicons-react/OrganizationIcon";
import type { AccountView } from "@guts/api";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { Avatar } from "../components/avatar.tsx";
import { buttonClass } from "../components/button.tsx";
import { formatDay } from "../text/relative-time.ts";
import { FollowButton } from "./follow-button.tsx";
import { FollowCounts } from "./follow-counts.tsx";
import { Website } from "./website.tsx";

/** What somebody says of themselves, beside their repositories. */
export function ProfileCard({ view }: { readonly view: AccountView }): ReactElement {
  const { account, bio, isFollowed } = view;
  return (
    <aside className="profile" aria-label="Profile">
      <Avatar handle={account.handle} path={account.avatarPath} size={200} square={view.isOrganization} />
      <div className="stack tight">
        <div>
          <h1>{account.name ?? account.handle}</h1>
          {account.name === null ? null : <p className="muted">{account.handle}</p>}
        </div>
        {bio ? <p>{bio}</p> : null}
        {view.isHireable === true ? <span className="label success">Available for hire</span> : null}
        {isFollowed === null ? null : <FollowButton handle={account.handle} isFollowed={isFollowed} />}
        {view.isViewer ? (
          <Link to="/settings/profile" className={buttonClass({ small: true })}>
            Edit profile
          </Link>
        ) : null}
        <FollowCounts view={view} />
        <Facts view={view} />
        <Organizations view={view} />
      </div>
    </aside>
  );
}

function Facts({ view }: { readonly view: AccountView }): ReactElement {
  const { company, location, email, blog, twitterUsername } = view;
  return (
    <ul className="meta">
      {company ? (
        <li title="Company">
          <OrganizationIcon /> {company}
        </li>
      ) : null}
      {location ? (
        <li title="Location">
          <LocationIcon /> {location}
        </li>
      ) : null}
      {email === null ? null : (
        <li title="E-mail">
          <MailIcon /> <a href={`mailto:${email}`}>{email}</a>
        </li>
      )}
      {blog ? (
        <li title="Website">
          <LinkIcon /> <Website url={blog} />
        </li>
      ) : null}
      {twitterUsername ? (
        <li title="X, formerly Twitter">
          <MentionIcon />{" "}
          <a href={`https://x.com/${encodeURIComponent(twitterUsername)}`} rel="nofollow noopener noreferrer me">
            {twitterUsername}
          </a>
        </li>
      ) : null}
      <li>Joined {formatDay(new Date(view.account.createdAt))}</li>
    </ul>
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
