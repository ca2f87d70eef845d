import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { networkQuery } from "../api/queries.ts";
import { classNames } from "../components/class-names.ts";
import { quorumState } from "../network/quorum-state.ts";
import { formatNumber } from "../text/quantity.ts";

const pollMs = 15_000;

/** The height of the ledger at this node, and whether the node answers at all. */
export function HealthPill(): ReactElement {
  const { data, isError } = useQuery({ ...networkQuery, refetchInterval: pollMs });
  const state = isError ? "down" : data === undefined ? "unknown" : quorumState(data);
  const text = isError ? "Node does not answer" : data === undefined ? "…" : `Block ${formatNumber(data.height)}`;
  return (
    <Link to="/status" className="health wide-only" title="Status of the network">
      <span className={classNames("pulse-dot", state)} aria-hidden="true" />
      {text}
    </Link>
  );
}
