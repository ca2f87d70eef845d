import { lanTiming, type Timing } from "@guts/consensus";
import { quorumOf } from "@guts/verifier";
import { Random } from "../../random.ts";
import { adversaries } from "../adversaries/adversaries.ts";
import type { Adversary } from "../adversaries/adversary.ts";

/** One validator that lies, and how. */
export interface PlannedLiar {
  readonly validator: number;
  readonly adversary: Adversary;
}

/** What a scenario consists of; what happens in it follows from this and the seed. */
export interface ScenarioPlan {
  readonly seed: number;
  readonly validatorCount: number;
  readonly liars: readonly PlannedLiar[];
  /** A validator whose directory is set back to an older copy. */
  readonly restored: number | undefined;
  /** A validator that loses its journal, but not its chain. Where all must sign, it may contradict itself; elsewhere never. */
  readonly lost: number | undefined;
  readonly hasObserver: boolean;
  /** How long things go wrong; then the network heals. */
  readonly chaosMs: number;
  /** Mean time between two things that go wrong. */
  readonly mishapMs: number;
  readonly transactionCount: number;
  /** Whether pools pass transactions on; otherwise only one node ever hears of each. */
  readonly hasPools: boolean;
  readonly timing: Timing;
  /** How many times as large as it is a journal says it is: above 1 it is compacted during the scenario. */
  readonly journalScale: number;
  /** Whether the network must finalize everything after it has healed: no more validators lie than it bears. */
  readonly isLive: boolean;
}

/** The durations of a local network, five times as fast: more views for each simulated second. */
export const simulatedTiming: Timing = {
  ...lanTiming,
  leaderMs: 200,
  advanceMs: 300,
  resendMs: 200,
  viewMsMax: 3_000,
  inactiveMs: 2_000,
  disconnectedMs: 100,
  standStillMs: 1_000,
  heartbeatMs: 10_000,
  emptyBlockDelayMs: 60,
  clockSkewMs: 1_000,
  statusMs: 1_000,
  restoreWaitMs: 200,
  fetchMs: 100,
};

/** What a scenario is to be about; the rest is drawn from its seed. */
export interface Focus {
  /** The one liar of four validators. */
  readonly adversary?: Adversary | undefined;
  /** Whether there are two of them, of seven validators, who lead one after the other. */
  readonly isPair?: boolean;
  /** Whether one of them loses its journal. */
  readonly losesJournal?: boolean;
  /** Whether one of them is set back to an older copy of its directory. */
  readonly isSetBack?: boolean;
  /** Whether each transaction is given to one validator only, which tells nobody. */
  readonly isHoarded?: boolean;
  /** Whether things go wrong several times a second: views last, and validators restart in the middle of them. */
  readonly isRestless?: boolean;
}

/** A scenario of four validators about one thing. */
export function focusPlan(seed: number, focus: Focus): ScenarioPlan {
  const { adversary, isPair = false, losesJournal = false, isSetBack = false, isRestless = false } = focus;
  const { isHoarded = false } = focus;
  const validatorCount = isPair ? 7 : 4;
  const plan = drawPlan(seed);
  const random = new Random(seed);
  const [first, second] = shuffled(validatorCount, random);
  const lying = isPair ? [first!, (first! + 1) % validatorCount] : [first!];
  return {
    ...plan,
    validatorCount,
    hasPools: !isHoarded,
    timing: { ...plan.timing, heartbeatMs: isHoarded ? 2_000 : plan.timing.heartbeatMs },
    hasObserver: plan.hasObserver && !isHoarded,
    mishapMs: isRestless ? 60 : plan.mishapMs,
    liars: adversary === undefined ? [] : lying.map((validator) => ({ validator, adversary })),
    restored: isSetBack ? second : undefined,
    lost: losesJournal ? second : undefined,
    isLive: adversary === undefined || !(losesJournal || isSetBack),
  };
}

/** The scenario of a seed. Half of them have four validators, the smallest network that bears a fault. */
export function drawPlan(seed: number): ScenarioPlan {
  const random = new Random(seed);
  const validatorCount = random.pick([4, 4, 4, 4, 4, 3, 3, 5, 7, 1 + random.below(2)]);
  const quorum = quorumOf(validatorCount);
  const bearable = validatorCount - quorum;
  const order = shuffled(validatorCount, random);
  // One in five scenarios has more liars than progress bears, but no more than safety does.
  const isOverfull = random.oneIn(5);
  const faulty = order.slice(0, random.below((isOverfull ? 2 * quorum - validatorCount - 1 : bearable) + 1));
  const kinds = faulty.map(() => random.below(8));
  const restored = faulty.find((_, index) => kinds[index] === 0);
  const liars = faulty
    .filter((validator) => validator !== restored)
    .map((validator) => ({ validator, adversary: random.pick(adversaries)! }));
  // A lost journal is no lie: the validator must keep to the rules. It may take any validator that does not lie.
  const lost = random.oneIn(6) ? order.find((validator) => !faulty.includes(validator)) : undefined;
  return {
    ...{ seed, validatorCount, liars, restored, lost },
    hasObserver: random.oneIn(4),
    chaosMs: 1_000 + random.below(4_000),
    mishapMs: 100 + random.below(600),
    transactionCount: 3 + random.below(8),
    hasPools: true,
    timing: { ...simulatedTiming, heartbeatMs: random.pick([2_000, 10_000, 60_000]) },
    journalScale: random.pick([1, 500, 4_000]),
    // Who lost its journal votes again when all others answer.
    isLive: faulty.length === 0 || faulty.length + (lost === undefined ? 0 : 1) <= bearable,
  };
}

/** A plan for a person: one line. */
export function describePlan({ seed, validatorCount, liars, restored, lost }: ScenarioPlan): string {
  const faults = liars.map(({ validator, adversary }) => `${validator} is ${adversary.name}`);
  if (restored !== undefined) faults.push(`${restored} is set back to a copy`);
  if (lost !== undefined) faults.push(`${lost} loses its journal`);
  return `seed ${seed}: ${validatorCount} validators${faults.length > 0 ? `, ${faults.join(", ")}` : ""}`;
}

function shuffled(count: number, random: Random): readonly number[] {
  const left = Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0]!);
}
