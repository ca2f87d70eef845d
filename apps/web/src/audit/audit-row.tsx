import type { AuditEntry } from "@guts/api";
import { Link } from "@tanstack/react-router";
import { useState, type ReactElement, type ReactNode } from "react";

import { Avatar, Mark } from "../components/avatar.tsx";
import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { formatNumber } from "../text/quantity.ts";
import { ProofDialog } from "./proof-dialog.tsx";

/** One act: who did what to whom, why, and where it stands on the ledger. */
export function AuditRow({ entry }: { readonly entry: AuditEntry }): ReactElement {
  const [isChecking, setIsChecking] = useState(false);
  const { actor, action, height } = entry;
  return (
    <li className="box-row audit-row">
      {actor === null ? <Mark name="?" size={28} /> : <Avatar handle={actor} size={28} />}
      <div className="grow">
        <p>
          {actor === null ? (
            <strong>account {entry.actor_id}</strong>
          ) : (
            <Link to="/$owner" params={{ owner: actor }} className="quiet">
              <strong>{actor}</strong>
            </Link>
          )}{" "}
          <Link
            to="."
            search={((previous: object) => ({ ...previous, action, after: undefined })) as never}
            className="audit-action"
            title={`Show ${action} only`}
          >
            {action}
          </Link>{" "}
          <Subject entry={entry} />
        </p>
        {entry.reason === null ? null : <p className="audit-reason">{entry.reason}</p>}
        <div className="meta">
          <RelativeTime time={entry.created_at} />
          <Link to="/status/blocks/$height" params={{ height: String(height) }}>
            Block {formatNumber(height)}
          </Link>
        </div>
      </div>
      <Button small aria-label={`Verify ${action} of block ${height}`} onClick={() => setIsChecking(true)}>
        Verify
      </Button>
      {isChecking ? <ProofDialog entry={entry} onClose={() => setIsChecking(false)} /> : null}
    </li>
  );
}

/** What it was done to: an account, a repository or organization, a team, a node, a name. */
function Subject({ entry }: { readonly entry: AuditEntry }): ReactElement {
  const { actor, user, org, repo, team, node, about } = entry;
  const isNamed = about === null || [user, org, repo, repo?.split("/")[1], team, node].includes(about);
  const parts: readonly ReactNode[] = [
    user === null || user === actor ? null : <OwnerLink handle={user} />,
    repo === null ? null : <RepositoryLink fullName={repo} />,
    repo !== null || org === null || org === user ? null : <OwnerLink handle={org} />,
    team === null ? null : <>team {team}</>,
    node === null ? null : <>node {node.length > 20 ? `${node.slice(0, 12)}…` : node}</>,
    isNamed ? null : <span className="muted">{about}</span>,
  ];
  const shown = parts.filter((part) => part !== null);
  return (
    <>
      {shown.map((part, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the parts have an order and no names
        <span key={index}>
          {index === 0 ? "" : " · "}
          {part}
        </span>
      ))}
    </>
  );
}

function OwnerLink({ handle }: { readonly handle: string }): ReactElement {
  return (
    <Link to="/$owner" params={{ owner: handle }}>
      {handle}
    </Link>
  );
}

function RepositoryLink({ fullName }: { readonly fullName: string }): ReactElement {
  const [owner = "", repo = ""] = fullName.split("/");
  return (
    <Link to="/$owner/$repo" params={{ owner, repo }}>
      {fullName}
    </Link>
  );
}
