import { DeviceDesktopIcon } from "@primer/octicons-react/DeviceDesktopIcon";
import type { Token } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { credentialsQuery, sessionQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { useRevoke } from "../settings/use-revoke.ts";

export const settingsSessionsRoute = createLazyRoute("/settings/sessions")({ component: SessionsPage });

/** Where one is signed in. */
function SessionsPage(): ReactElement {
  const { data, error } = useQuery(credentialsQuery);
  const { data: viewer } = useQuery(sessionQuery);
  const sessions = data?.filter(({ kind }) => kind !== "token");
  return (
    <div className="stack">
      <title>Sessions · Settings · Guts</title>
      <h1>Sessions</h1>
      <p className="muted">Browsers and devices that are signed in to your account. End any that you do not know.</p>
      <FailureBanner error={error} />
      {sessions === undefined ? (
        <SkeletonRows count={2} />
      ) : (
        <ul className="box" aria-label="Sessions">
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} mayEnd={viewer?.isVisit === false} />
          ))}
        </ul>
      )}
    </div>
  );
}

interface SessionRowProps {
  readonly session: Token;
  /** Whether the viewer's own session may end others. */
  readonly mayEnd: boolean;
}

function SessionRow({ session, mayEnd }: SessionRowProps): ReactElement {
  const revoke = useRevoke("Ended the session");
  return (
    <li className="box-row key-row">
      <DeviceDesktopIcon />
      <div className="grow">
        <div className="row wrap">
          <strong>{session.label}</strong>
          {session.isCurrent ? <span className="label success">this session</span> : null}
          {session.kind === "visit" ? <span className="label">elsewhere</span> : null}
        </div>
        <div className="meta">
          <span>
            At {session.nodes.join(", ")}
            {session.vouchedBy === null ? null : <>, by consent at {session.vouchedBy}</>}
          </span>
          <span>
            Began <RelativeTime time={session.createdAt} />
          </span>
          <span>
            {session.lastUsedAt === null ? (
              "Last use is known to that node alone"
            ) : (
              <>
                Last used <RelativeTime time={session.lastUsedAt} />
              </>
            )}
          </span>
          {session.expiresAt === null ? null : (
            <span>
              Ends <RelativeTime time={session.expiresAt} />
            </span>
          )}
        </div>
      </div>
      {session.isCurrent || !mayEnd ? null : (
        <Button variant="danger" small busy={revoke.isPending} onClick={() => revoke.mutate(session.id)}>
          End
        </Button>
      )}
    </li>
  );
}
