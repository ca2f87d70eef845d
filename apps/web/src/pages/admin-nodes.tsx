import { ServerIcon } from "@primer/octicons-react/ServerIcon";
import type { BudgetChange, NetworkNode } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { BudgetDialog } from "../administration/budget-dialog.tsx";
import { BudgetMeters } from "../administration/budget-meters.tsx";
import { nodeStandingQuery } from "../api/administration-queries.ts";
import { api } from "../api/client.ts";
import { networkQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";

export const adminNodesRoute = createLazyRoute("/admin/nodes")({ component: AdminNodesPage });

/** What each node may still admit to the ledger for others. */
function AdminNodesPage(): ReactElement {
  const { data: network, error } = useQuery(networkQuery);
  return (
    <div className="stack loose">
      <title>Nodes · Site admin · Guts</title>
      <div className="stack">
        <h1>Nodes</h1>
        <p className="muted">
          Whatever a node admits for the accounts that write there is counted, by every node alike. So a node that is
          flooded, or floods, holds up nobody else. Nodes are admitted and removed with an administrator&apos;s root
          key: <code>guts network admit</code>, <code>guts network remove</code>.
        </p>
        <FailureBanner error={error} />
      </div>
      {network === undefined ? (
        <SkeletonRows count={3} />
      ) : (
        network.nodes.map((node) => <NodeSection key={node.nodeId} node={node} />)
      )}
    </div>
  );
}

function NodeSection({ node }: { readonly node: NetworkNode }): ReactElement {
  const { nodeId, isValidator } = node;
  const name = node.name ?? `${nodeId.slice(0, 12)}…`;
  const [isChanging, setIsChanging] = useState(false);
  const { data: standing, error } = useQuery(nodeStandingQuery(nodeId));
  const change = (body: BudgetChange) =>
    api.call("PUT /api/guts/nodes/{node_id}/budget", { path: { node_id: nodeId }, body });
  return (
    <section className="stack tight" aria-label={name}>
      <div className="row apart wrap">
        <div className="row wrap">
          <ServerIcon />
          <h2>{name}</h2>
          <span className={isValidator ? "label accent" : "label"}>{isValidator ? "validator" : "observer"}</span>
          {standing?.isUsual === false ? <span className="label">own budget</span> : null}
        </div>
        <Button
          small
          disabled={standing === undefined}
          aria-label={`Change budget of ${name}`}
          onClick={() => setIsChanging(true)}
        >
          Change budget
        </Button>
      </div>
      <p className="fingerprint">{nodeId}</p>
      <FailureBanner error={error} />
      {standing === undefined ? null : <BudgetMeters budget={standing} />}
      {isChanging && standing !== undefined ? (
        <BudgetDialog
          of={name}
          readers="Administrators read it."
          standing={standing}
          submit={change}
          onClose={() => setIsChanging(false)}
        />
      ) : null}
    </section>
  );
}
