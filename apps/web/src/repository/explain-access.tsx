import { CheckCircleFillIcon } from "@primer/octicons-react/CheckCircleFillIcon";
import { DotIcon } from "@primer/octicons-react/DotIcon";
import { MailIcon } from "@primer/octicons-react/MailIcon";
import { NoEntryIcon } from "@primer/octicons-react/NoEntryIcon";
import type { RepositoryAccess } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { isAbsent } from "../api/explain.ts";
import { accessQuery } from "../api/organization-queries.ts";
import { repositoryInvitationsQuery } from "../api/queries.ts";
import { Banner, FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { abilityOf, reasonOf } from "./access-words.ts";
import { roleName } from "./roles.ts";
import { useRepository, useRepositoryName } from "./use-repository.ts";

/** Asks about whom the access shall be explained. */
export function ExplainAccessForm({ onExplain }: { readonly onExplain: (username: string) => void }): ReactElement {
  const [handle, setHandle] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onExplain(handle.trim());
  };
  return (
    <section className="stack tight" aria-labelledby="explain-access">
      <h2 id="explain-access">Why can somebody push?</h2>
      <p className="muted">Anybody’s access, with every grant that counts and the one that decides.</p>
      <form className="inline-form" onSubmit={submit} aria-label="Explain access">
        <TextField
          label="Handle"
          required
          maxLength={39}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={handle}
          onChange={(event) => setHandle(event.target.value)}
        />
        <Button type="submit" disabled={handle.trim() === ""}>
          Explain
        </Button>
      </form>
    </section>
  );
}

interface AccessDialogProps {
  readonly username: string;
  readonly onClose: () => void;
}

/** What somebody may do with the repository and why, in plain words. */
export function AccessDialog({ username, onClose }: AccessDialogProps): ReactElement {
  const repository = useRepositoryName();
  const { data, error } = useQuery(accessQuery(repository, username));
  return (
    <Dialog title={`Access of ${data?.login ?? username}`} onClose={onClose} wide>
      <div className="dialog-body stack">
        {isAbsent(error) ? (
          <Banner tone="attention">
            There is no person with the handle {username}. Check its spelling; organizations and teams have no access of
            their own, their members have.
          </Banner>
        ) : (
          <FailureBanner error={error} />
        )}
        {data === undefined && error === null ? <SkeletonRows count={2} /> : null}
        {data === undefined ? null : <Explanation access={data} />}
      </div>
    </Dialog>
  );
}

function Explanation({ access }: { readonly access: RepositoryAccess }): ReactElement {
  const { repository } = useRepository();
  const { data: invitations } = useQuery(repositoryInvitationsQuery(useRepositoryName()));
  const invitation = invitations?.find(({ invitee, expired }) => invitee.login === access.login && !expired);
  const [decisive, ...others] = access.reasons;
  return (
    <>
      <p className="verdict">{abilityOf(access)}</p>
      {decisive === undefined ? (
        <p className="row">
          <NoEntryIcon className="muted" />
          Nothing gives them any access. Invite them, or add them to a team that has a role here.
        </p>
      ) : (
        <ul className="reasons" aria-label="Grants, the strongest first">
          <li>
            <CheckCircleFillIcon className="file-added" />
            <span className="grow">{reasonOf(access.login, decisive)}</span>
            <span className="label accent">{roleName(decisive.permission)} · decides</span>
          </li>
          {others.map((reason) => (
            <li key={`${reason.source} ${reason.text}`}>
              <DotIcon className="muted" />
              <span className="grow">{reasonOf(access.login, reason)}</span>
              <span className="label">{roleName(reason.permission)}</span>
            </li>
          ))}
        </ul>
      )}
      {invitation === undefined ? null : (
        <p className="row">
          <MailIcon className="muted" />
          {access.login} is invited with the role {roleName(invitation.permissions)}, and has not answered yet.
        </p>
      )}
      {decisive === undefined ? null : (
        <p className="small muted">
          The strongest grant decides.{" "}
          {repository.isArchived ? (
            "The repository is archived, so nobody pushes to it now."
          ) : (
            <>
              <Link to="/$owner/$repo/settings/branches" params={{ owner: repository.owner, repo: repository.name }}>
                Protection rules
              </Link>{" "}
              can ask for more on single branches.
            </>
          )}
        </p>
      )}
    </>
  );
}
