import type { Network, NetworkNode } from "@guts/api";
import type { ReactElement } from "react";

import { CopyButton } from "../components/button.tsx";
import { classNames } from "../components/class-names.ts";
import { RelativeTime } from "../components/relative-time.tsx";
import { formatCount, formatNumber } from "../text/quantity.ts";

/** Every node of the network with what the answering one sees of it: who votes, who is up, how far each is. */
export function NodeTable({ network }: { readonly network: Network }): ReactElement {
  const { leader } = network.consensus;
  return (
    <section className="stack tight" aria-labelledby="nodes">
      <div className="row apart wrap">
        <h2 id="nodes">Nodes</h2>
        <span className="muted small">as this node sees them</span>
      </div>
      <div className="box table-box" role="region" aria-label="Nodes of the network" tabIndex={0}>
        <table className="node-table">
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">State</th>
              <th scope="col" className="number">
                Height
              </th>
              <th scope="col">Version</th>
              <th scope="col">Node id</th>
            </tr>
          </thead>
          <tbody>
            {network.nodes.map((node) => (
              <NodeRow key={node.nodeId} node={node} isLeader={node.nodeId === leader && network.nodes.length > 1} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function NodeRow({ node, isLeader }: { readonly node: NetworkNode; readonly isLeader: boolean }): ReactElement {
  const name = node.name ?? "Unnamed node";
  return (
    <tr>
      <th scope="row">
        <span className="row wrap">
          {node.url === null ? <strong>{name}</strong> : <a href={node.url}>{name}</a>}
          <span className={classNames("label", node.isValidator ? "accent" : undefined)}>
            {node.isValidator ? "validator" : "observer"}
          </span>
          {node.isSelf ? <span className="label success">serves this page</span> : null}
          {isLeader ? <span className="label">proposes now</span> : null}
        </span>
      </th>
      <td>
        <NodeState node={node} />
      </td>
      <td className="number">
        {node.height === null ? <span className="muted">unknown</span> : formatNumber(node.height)}
        {node.lag === null || node.lag === 0 ? null : (
          <span className="muted small"> {formatCount(node.lag, "block")} behind</span>
        )}
      </td>
      <td>{node.version ?? <span className="muted">unknown</span>}</td>
      <td>
        <span className="row">
          <span className="mono small" title={node.nodeId}>
            {node.nodeId.slice(0, 12)}…
          </span>
          <CopyButton small text={node.nodeId} label={`Copy the id of ${name}`} />
        </span>
      </td>
    </tr>
  );
}

function NodeState({ node }: { readonly node: NetworkNode }): ReactElement {
  const isLate = (node.lag ?? 0) > lateBlocks;
  const state = !node.isConnected ? "down" : isLate ? "late" : "";
  return (
    <span className="row nowrap">
      <span className={classNames("pulse-dot", state)} aria-hidden="true" />
      {node.isConnected ? isLate ? "catches up" : "up" : <Down node={node} />}
    </span>
  );
}

/** A node this many blocks behind is catching up; one or two are on their way at any moment. */
const lateBlocks = 3;

function Down({ node }: { readonly node: NetworkNode }): ReactElement {
  if (node.lastSeenAt === null) return <span>not connected</span>;
  return (
    <span>
      down, seen <RelativeTime time={node.lastSeenAt} />
    </span>
  );
}
