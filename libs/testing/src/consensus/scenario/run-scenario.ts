import { quorumOf } from "@guts/verifier";
import { Random } from "../../random.ts";
import type { Violation } from "../checks/violation.ts";
import { Cluster } from "../world/cluster.ts";
import type { Network } from "../world/network-keys.ts";
import { accountCount, transactionOf, type SimulatedTransaction } from "../world/simulated-host.ts";
import type { MakeConsensus } from "../world/node-surroundings.ts";
import type { SimulatedNode } from "../world/simulated-node.ts";
import { Mishaps } from "./mishaps.ts";
import type { ScenarioPlan } from "./plan.ts";

/** What came of a scenario. */
export interface ScenarioReport {
  readonly violations: readonly Violation[];
  /** Of everything that happened: equal for equal plans. */
  readonly trace: string;
  /** Blocks that became final. */
  readonly height: number;
  readonly eventCount: number;
  readonly simulatedMs: number;
  /** From the healing to the moment when everything was final everywhere. */
  readonly recoveryMs: number | undefined;
  readonly convicted: ReadonlySet<number>;
}

/** Longest that a healed network may take to finalize everything that waits. */
const recoveryMsMax = 10_000;
/** Violations after which a scenario is over: one is enough to fail, a few more tell why. */
const violationsMax = 4;

/** Runs a plan from the first to the last event. Deterministic. */
export function runScenario(plan: ScenarioPlan, make: MakeConsensus, network: Network): ScenarioReport {
  const random = new Random(plan.seed ^ 0x5bf03635);
  const byzantine = new Set(plan.liars.map(({ validator }) => validator));
  if (plan.restored !== undefined) byzantine.add(plan.restored);
  // Where every validator must sign, one without a memory may contradict itself: the others do not.
  const needsAll = quorumOf(plan.validatorCount) === plan.validatorCount;
  if (plan.lost !== undefined && needsAll) byzantine.add(plan.lost);
  const { journalScale, timing, hasPools } = plan;
  const cluster = new Cluster({ random, make, ...network, timing, byzantine, journalScale, hasPools });
  const mishaps = new Mishaps(cluster, plan);
  const honest = populate(cluster, plan);
  for (const node of cluster.nodes) cluster.start(node);
  const transactions = submitOverTime(cluster, plan, honest);
  mishaps.begin();
  const isBroken = (): boolean => cluster.violations.length >= violationsMax;
  let recoveryMs: number | undefined;
  if (!cluster.scheduler.runUntil(plan.chaosMs, isBroken)) {
    mishaps.heal();
    cluster.checkBounds();
    recoveryMs = recover({ cluster, plan, honest, transactions, isBroken });
  }
  return {
    violations: cluster.violations,
    trace: cluster.trace.digest(),
    height: cluster.chain.height,
    eventCount: cluster.scheduler.eventCount,
    simulatedMs: cluster.scheduler.nowMs,
    recoveryMs,
    convicted: cluster.convicted,
  };
}

/** Puts every validator and observer onto the network; answers the nodes that keep to the protocol. */
function populate(
  cluster: Cluster,
  { validatorCount, liars, restored, hasObserver }: ScenarioPlan,
): readonly SimulatedNode[] {
  const honest: SimulatedNode[] = [];
  for (let validator = 0; validator < validatorCount; validator++) {
    const liar = liars.find((planned) => planned.validator === validator);
    if (liar !== undefined) {
      liar.adversary.join(cluster, validator);
      continue;
    }
    const node = cluster.addNode(validator);
    if (validator !== restored) honest.push(node);
  }
  if (hasObserver) honest.push(cluster.addNode(validatorCount));
  return honest;
}

/** Clients submit to any node that keeps to the protocol and runs, while things go wrong. */
function submitOverTime(
  cluster: Cluster,
  { transactionCount, chaosMs }: ScenarioPlan,
  honest: readonly SimulatedNode[],
): readonly SimulatedTransaction[] {
  const { random } = cluster.options;
  return Array.from({ length: transactionCount }, (_, nth) => {
    const transaction = transactionOf(nth % accountCount, nth);
    cluster.scheduler.after(random.below(chaosMs), () => {
      const node = random.pick(honest.filter(({ isUp, isPaused }) => isUp && !isPaused));
      if (node !== undefined) cluster.submit(node, transaction);
    });
    return transaction;
  });
}

interface Recovery {
  readonly cluster: Cluster;
  readonly plan: ScenarioPlan;
  readonly honest: readonly SimulatedNode[];
  readonly transactions: readonly SimulatedTransaction[];
  readonly isBroken: () => boolean;
}

/** After the healing, clients repeat what is not final; answers how long it took until everything was final everywhere. */
function recover({ cluster, plan, honest, transactions, isBroken }: Recovery): number | undefined {
  const { random } = cluster.options;
  const { scheduler } = cluster;
  const healedMs = scheduler.nowMs;
  const wanted = [...transactions, transactionOf(0, plan.transactionCount)];
  const first = random.pick(honest);
  if (first === undefined) return undefined;
  for (const transaction of wanted)
    if (!first.host!.isFinal(transaction)) cluster.submit(random.pick(honest)!, transaction);
  // Answers of many are needed to vote again; who lies need not give one.
  const mustVote = plan.liars.length === 0;
  const isDone = (): boolean => isBroken() || isSettled(honest, wanted, mustVote);
  const patienceMs = plan.isLive ? recoveryMsMax : 3_000;
  while (scheduler.nowMs < healedMs + patienceMs && !isDone()) scheduler.runUntil(scheduler.nowMs + 20);
  if (isBroken()) return undefined;
  if (isSettled(honest, wanted, mustVote)) return scheduler.nowMs - healedMs;
  if (plan.isLive) cluster.report("liveness", describeUnsettled(honest, wanted));
  return undefined;
}

/** Whether everything is final at every node, all have one height, and (with `mustVote`) all validators vote. */
function isSettled(
  honest: readonly SimulatedNode[],
  wanted: readonly SimulatedTransaction[],
  mustVote: boolean,
): boolean {
  const height = honest[0]!.host?.height;
  return honest.every(({ host, consensus }) => {
    if (host?.height !== height || !wanted.every((transaction) => host?.isFinal(transaction) === true)) return false;
    const standing = consensus?.status().standing;
    return !mustVote || standing === "voting" || standing === "observer";
  });
}

function describeUnsettled(honest: readonly SimulatedNode[], wanted: readonly SimulatedTransaction[]): string {
  return honest
    .map(({ id, host, consensus }) => {
      const status = consensus?.status();
      const missing = wanted.filter((transaction) => host?.isFinal(transaction) !== true).length;
      return `node ${id}: height ${host?.height}, view ${status?.view}, ${status?.standing}, ${missing} not final`;
    })
    .join("; ");
}
