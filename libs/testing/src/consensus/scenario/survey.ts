import { cheapNetwork, type Network } from "../world/network-keys.ts";
import type { MakeConsensus } from "../world/node-surroundings.ts";
import { describePlan, type ScenarioPlan } from "./plan.ts";
import { runScenario, type ScenarioReport } from "./run-scenario.ts";

/** What came of many scenarios. */
export interface Survey {
  readonly scenarioCount: number;
  readonly eventCount: number;
  readonly blockCount: number;
  /** Scenarios in which somebody's lie was proved. */
  readonly convictionCount: number;
  readonly recoveryMsMax: number;
  /** Of the scenarios that broke a promise: what, how, and the command that runs it again. The first few. */
  readonly failures: readonly string[];
}

/** Failed scenarios after which a survey ends. */
const failuresMax = 3;

/** Runs the plan of each of `count` seeds from `firstSeed` on. */
export function surveyScenarios(options: {
  readonly firstSeed: number;
  readonly count: number;
  readonly plan: (seed: number) => ScenarioPlan;
  readonly make: MakeConsensus;
  readonly network?: (validatorCount: number) => Network;
}): Survey {
  const { firstSeed, count, plan: planOf, make, network = cheapNetwork } = options;
  const totals = { scenarioCount: 0, eventCount: 0, blockCount: 0, convictionCount: 0, recoveryMsMax: 0 };
  const failures: string[] = [];
  for (let seed = firstSeed; seed < firstSeed + count && failures.length < failuresMax; seed++) {
    const plan = planOf(seed);
    const report = runScenario(plan, make, network(plan.validatorCount));
    totals.scenarioCount += 1;
    totals.eventCount += report.eventCount;
    totals.blockCount += report.height;
    totals.convictionCount += report.convicted.size > 0 ? 1 : 0;
    totals.recoveryMsMax = Math.max(totals.recoveryMsMax, report.recoveryMs ?? 0);
    if (report.violations.length > 0) failures.push(describeFailure(plan, report));
  }
  return { ...totals, failures };
}

/** A failed scenario for a person. */
export function describeFailure(plan: ScenarioPlan, { violations, trace }: ScenarioReport): string {
  const lines = violations.map(({ property, timeMs, detail }) => `  ${timeMs} ms, ${property}: ${detail}`);
  const replay = `again: GUTS_SEED=${plan.seed} GUTS_SCENARIOS=1 npm test -- consensus`;
  return [describePlan(plan), ...lines, `  trace ${trace}; ${replay}`].join("\n");
}
