import {
  ConsensusEngine,
  decodeMessage,
  encodeMessage,
  votingRules,
  type ConsensusOptions,
  type ConsensusPorts,
  type VotingRules,
} from "@guts/consensus";
import { zeroDigest } from "@guts/primitives";
import { badParent } from "./adversaries/bad-parent.ts";
import { brokenRules, type BrokenRule } from "./broken-rules.ts";
import { duplicateSigners } from "./adversaries/duplicate-signers.ts";
import { equivocator } from "./adversaries/equivocator.ts";
import { invalidTransactions } from "./adversaries/invalid-transactions.ts";
import { oldEpochReplay } from "./adversaries/old-epoch-replay.ts";
import { wrongTime } from "./adversaries/wrong-time.ts";
import type { Property } from "./checks/violation.ts";
import type { Focus } from "./scenario/plan.ts";
import type { MakeConsensus } from "./world/node-surroundings.ts";

/** The product with one safety rule broken on purpose, and where to look for the damage. */
export interface Mutation {
  readonly name: string;
  readonly make: MakeConsensus;
  readonly focus: Focus;
  /** What a check may call the damage; anything else is a coincidence. */
  readonly shows: readonly Property[];
}

/** The product as it is. */
export const unmutated: MakeConsensus = (options, ports) => new ConsensusEngine(options, ports);

const forks: readonly Property[] = [
  "one-chain",
  "notarize-once",
  "nullify-or-finalize",
  "certified-parent",
  "genuine",
  "no-crash",
];

/** Every safety rule, broken. */
export const mutations: readonly Mutation[] = [
  withRules("notarizes twice in a view", { adversary: equivocator, isRestless: true }),
  withRules("finalizes what it nullified", { adversary: equivocator }),
  withRules("votes without the nullifications of the views between", { adversary: badParent, isRestless: true }),
  withRules("votes without the parent's notarization", { adversary: badParent, isPair: true }),
  withRules("takes two of four for a quorum", { adversary: equivocator }),
  {
    ...{ name: "counts a signer as often as it signs", focus: { adversary: duplicateSigners }, shows: forks },
    make: withRule({ areDistinct: () => true }),
  },
  {
    ...{ name: "counts votes of the epoch before", focus: { adversary: oldEpochReplay }, shows: forks },
    make: withRule({ isOfEpoch: () => true }),
  },
  {
    ...{ name: "votes for any time", focus: { adversary: wrongTime }, shows: ["time"] },
    make: withRule({ isTimely: () => true }),
  },
  {
    name: "votes again in any view after it lost its journal",
    ...{ focus: { losesJournal: true, isRestless: true }, shows: forks },
    make: withRule({ mayVoteAgain: () => true }),
  },
  { name: "takes any signature", focus: { adversary: duplicateSigners }, shows: forks, make: gullible },
  { name: "nullifies every view that it finalizes", focus: {}, shows: forks, make: undecided },
  { name: "forgets its votes when it restarts", focus: { isRestless: true }, shows: forks, make: forgetful },
  { name: "publishes before it syncs", focus: { isRestless: true }, shows: forks, make: hasty },
  { name: "commits ancestors after their descendants", focus: {}, shows: ["in-order", "one-chain"], make: disorderly },
  {
    ...{ name: "votes for what execution refuses", focus: { adversary: invalidTransactions } },
    ...{ shows: ["valid-blocks"], make: credulous },
  },
];

function withRules(name: BrokenRule, focus: Focus): Mutation {
  return { name, focus, shows: forks, make: withRule(brokenRules[name]) };
}

function withRule(broken: Partial<VotingRules>): MakeConsensus {
  return (options, ports) => new ConsensusEngine({ ...options, rules: { ...votingRules, ...broken } }, ports);
}

/** Verifies nothing. */
function gullible(options: ConsensusOptions, ports: ConsensusPorts): ConsensusEngine {
  return new ConsensusEngine({ ...options, signatures: { ...options.signatures, verify: () => true } }, ports);
}

/**
 * Nullifies, too, whatever it finalizes. (`mayNullify` alone does not show in a run: who has finalized a view has left it. The model
 * check, which knows no order of views, shows it.)
 */
function undecided(options: ConsensusOptions, ports: ConsensusPorts): ConsensusEngine {
  const { networkId, signatures } = options;
  const { transport } = ports;
  return new ConsensusEngine(options, {
    ...ports,
    transport: {
      send: (to, frame) => transport.send(to, frame),
      broadcast: (frame) => {
        transport.broadcast(frame);
        const message = decodeMessage(frame);
        if (message?.type !== "vote" || message.vote.kind !== "finalize") return;
        const { epoch, view, validator } = message.vote;
        const terms = { kind: "nullify", epoch, view, header: zeroDigest } as const;
        const vote = { ...terms, validator, signature: signatures.sign({ networkId, ...terms }) };
        transport.broadcast(encodeMessage({ type: "vote", vote }));
      },
    },
  });
}

/** Starts from a journal that holds nothing but that it is this key's. */
function forgetful(options: ConsensusOptions, ports: ConsensusPorts): ConsensusEngine {
  const { journal } = ports;
  const forgotten = {
    get bytes() {
      return journal.bytes;
    },
    read: () => [...journal.read()].slice(0, 1),
    append: (record: Uint8Array) => journal.append(record),
    sync: () => journal.sync(),
    compact: (keep: Iterable<Uint8Array>) => journal.compact(keep),
  };
  return new ConsensusEngine(options, { ...ports, journal: forgotten });
}

/** Sends at once, and writes its journal when the turn is over. */
function hasty(options: ConsensusOptions, ports: ConsensusPorts): ConsensusEngine {
  const { journal, clock } = ports;
  let late: (() => void)[] = [];
  const flush = (): void => {
    for (const action of late) action();
    late = [];
  };
  const lateJournal = {
    get bytes() {
      return journal.bytes;
    },
    read: () => journal.read(),
    append: (record: Uint8Array) => void late.push(() => journal.append(record)),
    sync: () => void late.push(() => journal.sync()),
    compact: (keep: Iterable<Uint8Array>) => {
      flush();
      journal.compact(keep);
    },
  };
  return new ConsensusEngine(options, { ...ports, journal: lateJournal, clock: whenTurnsEnd(clock, flush) });
}

/** Commits the blocks of a turn from the newest to the oldest. */
function disorderly(options: ConsensusOptions, ports: ConsensusPorts): ConsensusEngine {
  const { execution, clock } = ports;
  let commits: (() => void)[] = [];
  const flush = (): void => {
    for (const commit of commits.toReversed()) commit();
    commits = [];
  };
  return new ConsensusEngine(options, {
    ...ports,
    clock: whenTurnsEnd(clock, flush),
    execution: {
      ...execution,
      commit: (proposal, certificate) => void commits.push(() => execution.commit(proposal, certificate)),
    },
  });
}

/** Takes every block for valid. */
function credulous(options: ConsensusOptions, ports: ConsensusPorts): ConsensusEngine {
  const { execution } = ports;
  const execute = (proposal: Parameters<typeof execution.execute>[0]) => {
    execution.execute(proposal);
    return { outcome: "valid" } as const;
  };
  return new ConsensusEngine(options, { ...ports, execution: { ...execution, execute } });
}

/** The engine sets its timer at the end of each turn. */
function whenTurnsEnd(clock: ConsensusPorts["clock"], act: () => void): ConsensusPorts["clock"] {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    setTimer: (delayMs, fire) => {
      act();
      return clock.setTimer(delayMs, fire);
    },
  };
}
