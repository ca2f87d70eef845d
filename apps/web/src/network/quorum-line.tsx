import type { Network } from "@guts/api";
import type { ReactElement } from "react";

import { classNames } from "../components/class-names.ts";
import { formatNumber } from "../text/quantity.ts";
import { quorumState } from "./quorum-state.ts";

/** How the network is, in one sentence: who is up, what may fail, and whether anything can be written. */
export function QuorumLine({ network }: { readonly network: Network }): ReactElement {
  const { quorum, sync } = network;
  const canWrite = quorum.upCount >= quorum.neededCount;
  return (
    <div className="stack tight" role="status">
      <p className="row">
        <span className={classNames("pulse-dot", quorumState(network))} aria-hidden="true" />
        <strong>{sentence(quorum.summary)}</strong>
      </p>
      {canWrite ? null : <p className="muted">Reading goes on; changes wait until enough validators are back.</p>}
      {sync.state === "current" ? null : <p className="muted">{syncText(sync)}</p>}
    </div>
  );
}

function syncText({ state, target }: Network["sync"]): string {
  if (state === "catching-up")
    return `This node catches up to block ${formatNumber(target ?? 0)}; pages may be older until then.`;
  if (state === "not-admitted") return "The network does not admit this node yet, so it cannot follow it.";
  return "This node is connected with no other one, so pages may be older than elsewhere.";
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
