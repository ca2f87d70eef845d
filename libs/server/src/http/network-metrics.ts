import { Gauge, Histogram } from "prom-client";

import type { Ledger, NetworkView, SubmitOutcome, Transactions } from "../ports/index.ts";
import { quorumState } from "../use-cases/quorum.ts";
import { addGauge, type Metrics } from "./metrics.ts";

/** Adds what this node sees of the network: validators, views, peers by role. Labels are few and closed: no node is one. */
export function addNetworkMetrics(metrics: Metrics, ledger: Ledger, network: NetworkView): void {
  const add = (name: string, help: string, read: () => number): void => addGauge(metrics, `guts_${name}`, help, read);
  const quorum = () => quorumState(ledger.state(), network, ledger.nodeId);
  add("validators", "Validators of the network", () => quorum().validatorCount);
  add("validators_up", "Validators that this node sees at work, itself included", () => quorum().upCount);
  add("validators_needed", "Validators that must agree", () => quorum().neededCount);
  add("consensus_view", "The view that consensus is in", () => network.consensus().view);
  add("consensus_nullified_views", "Views that ended without a block", () => network.consensus().nullifiedViewCount);
  add(
    "consensus_equivocations",
    "Proofs that a validator contradicted itself",
    () => network.consensus().evidenceCount,
  );
  add("sync_lag", "Blocks that are known to be final and not applied here yet", () => {
    const sync = network.sync();
    return sync.state === "catching-up" ? Math.max(0, sync.target - ledger.height()) : 0;
  });
  add("clock_ahead_seconds", "How far this machine's clock is ahead of the other validators'", () => {
    return (network.clockAheadMs() ?? 0) / 1000;
  });
  add("peers", "Connected nodes", () => network.peers().filter(({ isConnected }) => isConnected).length);
  const bytes: Gauge<"direction"> = new Gauge({
    name: "guts_peer_bytes",
    help: "Bytes exchanged with the nodes that are connected",
    labelNames: ["direction"],
    registers: [metrics.registry],
    collect: () => {
      const peers = network.peers();
      bytes.set({ direction: "in" }, sum(peers.map(({ bytesReceived }) => bytesReceived)));
      bytes.set({ direction: "out" }, sum(peers.map(({ bytesSent }) => bytesSent)));
    },
  });
}

/** The conductor of writes, measured: from the request to its outcome, which for an applied write is finality. */
export function measureWrites(metrics: Metrics, transactions: Transactions): Transactions {
  const seconds = new Histogram({
    name: "guts_write_seconds",
    help: "Time from a write's request to its outcome; applied writes are final and served",
    labelNames: ["outcome"],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60],
    registers: [metrics.registry],
  });
  const measured = async <Outcome extends SubmitOutcome<unknown>>(write: Promise<Outcome>): Promise<Outcome> => {
    const stop = seconds.startTimer();
    const outcome = await write;
    stop({ outcome: outcome.outcome });
    return outcome;
  };
  return {
    submit: (command, options) => measured(transactions.submit(command, options)),
    submitPush: (push, options) => measured(transactions.submitPush(push, options)),
    submitMerge: (merge, options) => measured(transactions.submitMerge(merge, options)),
    submitSigned: (signed, contents, signal) => measured(transactions.submitSigned(signed, contents, signal)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
