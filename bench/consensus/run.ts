/**
 * `node bench/consensus/run.ts [--validators 1,3,4,7] [--delays 0,10,40,100] [--seconds N] [--only finality,ordering,end-to-end,profile]`:
 * how fast the network agrees, and how much it orders. docs/benchmarks.md has numbers and says what they mean.
 */
import { describeMachine } from "../machine.ts";
import { measureEndToEnd, profileEndToEnd } from "./end-to-end.ts";
import { parseFlags } from "./flags.ts";
import { measureOrdering } from "./ordering.ts";

const flags = parseFlags(process.argv.slice(2));
console.log(describeMachine());
if (flags.sections.includes("finality") || flags.sections.includes("ordering")) await measureOrdering(flags);
if (flags.sections.includes("end-to-end")) await measureEndToEnd(flags);
if (flags.sections.includes("profile")) await profileEndToEnd(flags);
console.log(`\n${describeMachine()}`);
