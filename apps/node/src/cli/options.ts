/** What the operator's commands share: how options are read, and where words go. */
import { InvalidArgumentError, Option } from "commander";

import { defaultDataDirectory } from "../data/data-directory.ts";

/** To standard error: what a person should know. */
export const say = (line: string): unknown => process.stderr.write(`${line}\n`);
/** To standard output: what was asked for. */
export const print = (line: string): unknown => process.stdout.write(`${line}\n`);

/** `--data` of a node. */
export function dataOption(): Option {
  return new Option("--data <dir>", "the data directory").default(defaultDataDirectory(), "~/.local/share/guts");
}

/** A port of TCP. */
export function parsePort(text: string): number {
  const port = parseCount(text);
  if (port > 65_535) throw new InvalidArgumentError("A port is a number from 1 to 65535.");
  return port;
}

/** A positive whole number of at most six digits. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("A positive whole number is needed.");
  return Number(text);
}

/** Gathers an option that may be repeated. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}
