import { PlusIcon } from "@primer/octicons-react/PlusIcon";
import { SearchIcon } from "@primer/octicons-react/SearchIcon";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { buttonClass } from "../components/button.tsx";
import { Logo } from "../components/logo.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { HealthPill } from "./health-pill.tsx";
import { UserMenu } from "./user-menu.tsx";

/** The bar at the top of every page. */
export function AppHeader({ onJump }: { readonly onJump: () => void }): ReactElement {
  const viewer = useViewer();
  const params = useParams({ strict: false });
  const owner = params.owner ?? params.org;
  return (
    <header className="app-header lined">
      <div className="app-bar">
        <Link to="/" className="brand" aria-label="Guts home">
          <Logo />
          <span className={owner === undefined ? undefined : "wide-only"}>Guts</span>
        </Link>
        <div className="grow">{owner === undefined ? null : <Crumbs owner={owner} repo={params.repo} />}</div>
        <button type="button" className="jump-button" onClick={onJump} aria-label="Jump to a repository">
          <SearchIcon />
          <span>Jump to…</span>
          <kbd className="kbd">/</kbd>
        </button>
        <HealthPill />
        {viewer === undefined ? <Skeleton width="w-4" /> : null}
        {viewer === null ? <SignInLinks /> : null}
        {viewer ? (
          <>
            <Link
              to="/new"
              className={buttonClass({ square: true }, "wide-only")}
              aria-label="New repository"
              title="New repository"
            >
              <PlusIcon />
            </Link>
            <UserMenu viewer={viewer} />
          </>
        ) : null}
      </div>
    </header>
  );
}

function SignInLinks(): ReactElement {
  return (
    <>
      <Link to="/signin" className={buttonClass({ variant: "invisible" })}>
        Sign in
      </Link>
      <Link to="/signup" className={buttonClass({}, "wide-only")}>
        Sign up
      </Link>
    </>
  );
}

function Crumbs({ owner, repo }: { readonly owner: string; readonly repo: string | undefined }): ReactElement {
  return (
    <nav className="crumbs" aria-label="Where you are">
      <Link to="/$owner" params={{ owner }} className="truncate">
        {owner}
      </Link>
      {repo === undefined ? null : (
        <>
          <span className="separator" aria-hidden="true">
            /
          </span>
          <Link to="/$owner/$repo" params={{ owner, repo }} className="current truncate">
            {repo}
          </Link>
        </>
      )}
    </nav>
  );
}
