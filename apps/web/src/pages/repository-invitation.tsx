import type { RepositoryInvitation } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { useInvitationAnswer } from "../account/use-invitation-answer.ts";
import { ownInvitationsQuery } from "../api/queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { Button, buttonClass } from "../components/button.tsx";
import { roleName } from "../repository/roles.ts";

export const repositoryInvitationRoute = createLazyRoute("/$owner/$repo/invitations")({
  component: RepositoryInvitationPage,
});

const route = getRouteApi("/$owner/$repo/invitations");

/** One's invitation to one repository, at the address that GitHub gives it. */
function RepositoryInvitationPage(): ReactElement {
  const { owner, repo } = route.useParams();
  const { data: invitations } = useSuspenseQuery(ownInvitationsQuery);
  const fullName = `${owner}/${repo}`;
  const invitation = invitations.find((one) => one.repository.full_name.toLowerCase() === fullName.toLowerCase());
  return (
    <div className="page narrow">
      <title>{`Invitation to ${fullName} · Guts`}</title>
      {invitation === undefined ? <NoInvitation owner={owner} repo={repo} /> : <Answer invitation={invitation} />}
    </div>
  );
}

function Answer({ invitation }: { readonly invitation: RepositoryInvitation }): ReactElement {
  const answer = useInvitationAnswer(invitation);
  const navigate = useNavigate();
  return (
    <div className="blankslate">
      <Avatar handle={invitation.inviter.login} size={56} />
      <h1>
        {invitation.inviter.login} invites you to {invitation.repository.full_name}
      </h1>
      <p>Your role would be: {roleName(invitation.permissions)}. You can leave at any time.</p>
      <div className="form-actions">
        <Button variant="primary" busy={answer.isPending} onClick={() => answer.mutate("accept")}>
          Accept invitation
        </Button>
        <Button
          disabled={answer.isPending}
          onClick={() => answer.mutate("decline", { onSuccess: () => void navigate({ to: "/" }) })}
        >
          Decline
        </Button>
      </div>
    </div>
  );
}

function NoInvitation({ owner, repo }: { readonly owner: string; readonly repo: string }): ReactElement {
  return (
    <div className="blankslate">
      <h1>No open invitation</h1>
      <p>
        You have no open invitation to {owner}/{repo}: it was answered, withdrawn, or has lapsed.
      </p>
      <div className="form-actions">
        <Link to="/$owner/$repo" params={{ owner, repo }} className={buttonClass()}>
          Go to the repository
        </Link>
        <Link to="/invitations" className={buttonClass()}>
          Your invitations
        </Link>
      </div>
    </div>
  );
}
