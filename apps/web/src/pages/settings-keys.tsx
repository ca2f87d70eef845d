import { KeyIcon } from "@primer/octicons-react/KeyIcon";
import { ServerIcon } from "@primer/octicons-react/ServerIcon";
import type { AccountKey, Delegation } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { delegationsQuery, keysQuery, networkQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { UndelegateDialog } from "../settings/undelegate-dialog.tsx";
import { formatNumber } from "../text/quantity.ts";

export const settingsKeysRoute = createLazyRoute("/settings/keys")({ component: KeysPage });

/** Keys that own the account, and nodes that may act for it. */
function KeysPage(): ReactElement {
  return (
    <div className="stack loose">
      <title>Keys and nodes · Settings · Guts</title>
      <Keys />
      <Nodes />
    </div>
  );
}

function Keys(): ReactElement {
  const { data, error } = useQuery(keysQuery);
  return (
    <section className="stack" aria-labelledby="keys">
      <h1 id="keys">Keys</h1>
      <p className="muted">
        Your root key is your recovery code. Device keys belong to programs such as <code>guts</code>; add and revoke
        them with <code>guts key</code>, since only a key of yours may change your keys.
      </p>
      <FailureBanner error={error} />
      {data === undefined ? (
        <SkeletonRows count={2} />
      ) : (
        <ul className="box" aria-label="Keys">
          {data.map((key) => (
            <KeyRow key={key.publicKey} entry={key} />
          ))}
        </ul>
      )}
    </section>
  );
}

function KeyRow({ entry }: { readonly entry: AccountKey }): ReactElement {
  return (
    <li className="box-row key-row">
      <KeyIcon />
      <div className="grow">
        <div className="row wrap">
          <strong>{entry.label ?? (entry.role === "root" ? "Root key" : "Device key")}</strong>
          <span className={entry.role === "root" ? "label accent" : "label"}>{entry.role}</span>
        </div>
        <p className="fingerprint">{entry.publicKey}</p>
        <div className="meta">
          <span>
            Added <RelativeTime time={entry.addedAt} /> in block {formatNumber(entry.addedHeight)}
          </span>
        </div>
      </div>
    </li>
  );
}

function Nodes(): ReactElement {
  const { data, error } = useQuery(delegationsQuery);
  return (
    <section className="stack" aria-labelledby="nodes">
      <h2 id="nodes">Nodes that may act for you</h2>
      <p className="muted">
        A home node signs you in by password and creates tokens in your name. It cannot touch your keys. Taking the
        permission back revokes every session and token it created.
      </p>
      <FailureBanner error={error} />
      {data === undefined ? (
        <SkeletonRows count={1} />
      ) : (
        <ul className="box" aria-label="Nodes">
          {data.map((delegation) => (
            <NodeRow key={delegation.nodeId} delegation={delegation} />
          ))}
        </ul>
      )}
    </section>
  );
}

function NodeRow({ delegation }: { readonly delegation: Delegation }): ReactElement {
  const { data: network } = useQuery(networkQuery);
  const [isAsking, setIsAsking] = useState(false);
  const node = network?.nodes.find((candidate) => candidate.nodeId === delegation.nodeId);
  const isThis = network?.nodeId === delegation.nodeId;
  return (
    <li className="box-row key-row">
      <ServerIcon />
      <div className="grow">
        <div className="row wrap">
          <strong>{node?.name ?? "Unnamed node"}</strong>
          {isThis ? <span className="label success">this node</span> : null}
        </div>
        <p className="fingerprint">{delegation.nodeId}</p>
        <div className="meta">
          <span>
            Since <RelativeTime time={delegation.grantedAt} />, block {formatNumber(delegation.grantedHeight)}
          </span>
        </div>
      </div>
      <Button variant="danger" small onClick={() => setIsAsking(true)}>
        Take back
      </Button>
      {isAsking ? (
        <UndelegateDialog nodeId={delegation.nodeId} isThisNode={isThis} onClose={() => setIsAsking(false)} />
      ) : null}
    </li>
  );
}
