/**
 * `node bench/push/run.ts [--rounds N] [--pushes N] [--mebibytes N] [--only finality,replication]`: what it costs that a push is
 * agreed on and stored by several nodes. docs/benchmarks.md has numbers and says what they mean.
 */
import { parseArgs } from "node:util";
import { describeMachine } from "../machine.ts";
import { measureFinality } from "./finality.ts";
import { measureReplication } from "./replication.ts";

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    pushes: { type: "string", default: "4" },
    mebibytes: { type: "string", default: "32" },
    only: { type: "string", default: "finality,replication" },
  },
});

const rounds = Number(flags.rounds);
console.log(describeMachine());
if (flags.only.includes("finality")) await measureFinality({ rounds, pushesPerRound: Number(flags.pushes) });
if (flags.only.includes("replication")) await measureReplication({ rounds, mebibytes: Number(flags.mebibytes) });
console.log(`\n${describeMachine()}`);
