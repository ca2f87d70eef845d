import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { explainFailure, isAbsent, needsSignIn } from "../api/explain.ts";
import type { RepositoryName } from "../api/queries.ts";
import { Button, buttonClass } from "../components/button.tsx";
import { Logo } from "../components/logo.tsx";
import { useAddressedRepository } from "./addressed-repository.ts";

/** What a page shows when it could not be: absent things get {@link NotFoundPage}, failures a way to try again. */
export function ErrorPage({ error, reset }: ErrorComponentProps): ReactElement {
  const router = useRouter();
  if (isAbsent(error)) return <NotFoundPage />;
  if (needsSignIn(error)) return <SignInAgain />;
  return (
    <div className="page narrow">
      <title>Something went wrong · Guts</title>
      <div className="blankslate">
        <Logo size={40} />
        <h1>This page could not be shown</h1>
        <p>{explainFailure(error)}</p>
        <div className="form-actions">
          <Button
            variant="primary"
            onClick={() => {
              reset();
              void router.invalidate();
            }}
          >
            Try again
          </Button>
          <Link to="/status" className={buttonClass()}>
            Status of the network
          </Link>
        </div>
      </div>
    </div>
  );
}

/** The session ended while the page was open, or was ended elsewhere. */
function SignInAgain(): ReactElement {
  return (
    <div className="page narrow">
      <title>Sign in again · Guts</title>
      <div className="blankslate">
        <Logo size={40} />
        <h1>Your session has ended</h1>
        <p>Sign in again to go on where you were.</p>
        <div className="form-actions">
          <Link
            to="/signin"
            search={{ return: window.location.pathname }}
            className={buttonClass({ variant: "primary" })}
            reloadDocument
          >
            Sign in
          </Link>
        </div>
      </div>
    </div>
  );
}

/** Whether the address is of something in the repository, so that its home is worth a try. */
function isBelow({ owner, name }: RepositoryName, address: string): boolean {
  return address.replace(/\/$/, "") !== `/${owner}/${name}`;
}

/** Says that nothing is here for this viewer, and where they may have wanted to go. */
export function NotFoundPage(): ReactElement {
  const viewer = useViewer();
  const repository = useAddressedRepository();
  const address = window.location.pathname;
  return (
    <div className="page narrow">
      <title>Not found · Guts</title>
      <div className="blankslate">
        <Logo size={40} />
        <h1>Nothing is here</h1>
        <p>
          <code>{address}</code> does not exist, or it is private and you may not see it.
          {viewer === null ? " If it is yours, signing in shows it." : null}
        </p>
        <div className="form-actions">
          {viewer === null ? (
            <Link to="/signin" search={{ return: address }} className={buttonClass({ variant: "primary" })}>
              Sign in
            </Link>
          ) : null}
          {repository === undefined || !isBelow(repository, address) ? null : (
            <>
              <Link
                to="/$owner/$repo"
                params={{ owner: repository.owner, repo: repository.name }}
                className={buttonClass()}
              >
                {repository.owner}/{repository.name}
              </Link>
              <Link to="/$owner" params={{ owner: repository.owner }} className={buttonClass()}>
                All of {repository.owner}
              </Link>
            </>
          )}
          <Link to="/" className={buttonClass()}>
            Home
          </Link>
        </div>
      </div>
    </div>
  );
}
