/** The command line of `bench/consensus`. */
import { parseArgs } from "node:util";

/** The parts of the benchmark. */
export const sections = ["finality", "ordering", "end-to-end", "profile"] as const;
/** One of them. */
export type Section = (typeof sections)[number];

/** What was asked for. */
export interface Flags {
  readonly validators: readonly number[];
  readonly delays: readonly number[];
  readonly seconds: number;
  readonly sections: readonly Section[];
  readonly firstPort: number;
}

/** Reads the flags. Throws `TypeError` on what it does not know. */
export function parseFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      validators: { type: "string", default: "1,3,4,7" },
      delays: { type: "string", default: "0,10,40,100" },
      seconds: { type: "string", default: "5" },
      only: { type: "string", default: sections.join() },
      port: { type: "string", default: "46000" },
    },
  });
  const chosen = values.only.split(",");
  const unknown = chosen.find((name) => !sections.some((section) => section === name));
  if (unknown !== undefined) throw new TypeError(`--only takes ${sections.join(", ")}, not ${unknown}`);
  return {
    validators: numbersOf(values.validators),
    delays: numbersOf(values.delays),
    seconds: Number(values.seconds),
    sections: sections.filter((section) => chosen.includes(section)),
    firstPort: Number(values.port),
  };
}

function numbersOf(text: string): readonly number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.some((number) => !Number.isSafeInteger(number) || number < 0))
    throw new TypeError(`${text} is not a list of numbers`);
  return numbers;
}
