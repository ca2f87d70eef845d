import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { networkQuery } from "../api/queries.ts";
import { RelativeTime } from "../components/relative-time.tsx";
import { formatCount, formatNumber } from "../text/quantity.ts";
import { QuorumLine } from "./quorum-line.tsx";

/** The network in a few lines: its name, how far it is, and who runs it. */
export function NetworkCard(): ReactElement {
  const { data } = useSuspenseQuery(networkQuery);
  const validators = data.nodes.filter((node) => node.isValidator).length;
  return (
    <section className="box" aria-labelledby="network-card">
      <div className="box-header">
        <span className="pulse-dot" aria-hidden="true" />
        <h2 id="network-card">{data.name}</h2>
      </div>
      <div className="box-body stack tight">
        <p>
          Block <strong>{formatNumber(data.height)}</strong>, <RelativeTime time={data.time} />
        </p>
        <p className="muted">{describeValidators(validators)}</p>
        {validators > 1 ? <QuorumLine network={data} /> : null}
        <p>
          <Link to="/status">Status and recent blocks</Link>
        </p>
      </div>
    </section>
  );
}

function describeValidators(count: number): string {
  if (count <= 1) return "One node orders all changes. This network has no fault tolerance yet.";
  return `${formatCount(count, "node")} agree on every change; ${tolerated(count)}.`;
}

function tolerated(count: number): string {
  const faults = Math.floor((count - 1) / 3);
  return faults === 0 ? "all must be up for new ones" : `${formatNumber(faults)} may fail without harm`;
}
