import { MailIcon } from "@primer/octicons-react/MailIcon";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { InvitationRow } from "../administration/invitation-row.tsx";
import { NewInvitationForm } from "../administration/new-invitation-form.tsx";
import { networkInvitationsQuery } from "../api/administration-queries.ts";
import { Banner, FailureBanner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { Button } from "../components/button.tsx";
import { CopyLine } from "../components/copyable.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";

export const adminInvitationsRoute = createLazyRoute("/admin/invitations")({ component: AdminInvitationsPage });

/** Invitations to the network. */
function AdminInvitationsPage(): ReactElement {
  const { data, error } = useQuery(networkInvitationsQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<string>();
  return (
    <div className="stack">
      <title>Invitations · Site admin · Guts</title>
      <div className="row apart wrap">
        <h1>Invitations</h1>
        {isAdding ? null : (
          <Button variant="primary" onClick={() => setIsAdding(true)}>
            New invitation
          </Button>
        )}
      </div>
      <p className="muted">
        Whoever has an invitation opens an account with it, as often as it says. Its secret is made in this browser; the
        network knows the public half alone.
      </p>
      {made === undefined ? null : <MadeInvitation text={made} />}
      {isAdding ? (
        <NewInvitationForm
          onMade={(text) => {
            setMade(text);
            setIsAdding(false);
          }}
          onCancel={() => setIsAdding(false)}
        />
      ) : null}
      <FailureBanner error={error} />
      {data === undefined ? (
        error === null ? (
          <SkeletonRows count={2} />
        ) : null
      ) : (
        <ul className="box" aria-label="Invitations">
          {data.map((invitation) => (
            <InvitationRow key={invitation.key} invitation={invitation} />
          ))}
          {data.length === 0 ? (
            <li>
              <Blankslate icon={MailIcon} title="Nobody is invited">
                An invitation lets people in while registration asks for one.
              </Blankslate>
            </li>
          ) : null}
        </ul>
      )}
    </div>
  );
}

/** The invitation that has just been made: this page forgets it when it is left. */
function MadeInvitation({ text }: { readonly text: string }): ReactElement {
  return (
    <Banner tone="success">
      <div className="token-once">
        <p>
          <strong>Copy the link now.</strong> It is shown this once. Whoever has it may open accounts: send it to those
          alone whom it is for.
        </p>
        <CopyLine label="Invitation link" text={`${window.location.origin}/signup#${text}`} />
        <p className="small">
          In a terminal it is <code>{text}</code>.
        </p>
      </div>
    </Banner>
  );
}
