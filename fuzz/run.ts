/**
 * `node fuzz/run.ts TARGET|all [--seconds N] [--seed S] [--executions N] [--hang SECONDS] [--crashes FOLDER] [--save]`
 * `node fuzz/run.ts TARGET --replay FILE`
 *
 * Exit code: 0 clean, 1 a crash was found (its input is in `fuzz/crashes/`), 2 wrong usage. See README.md.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { nameOf, readCorpus, runCampaign } from "./engine/campaign.ts";
import { execute, type FuzzTarget } from "./engine/target.ts";

const USAGE =
  "usage: node fuzz/run.ts TARGET|all [--seconds N] [--seed S] [--executions N] [--hang SECONDS] [--crashes FOLDER] [--save]\n" +
  "       node fuzz/run.ts TARGET --replay FILE";

const here = import.meta.dirname;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    executions: { type: "string", default: String(Number.MAX_SAFE_INTEGER) },
    hang: { type: "string", default: "10" },
    crashes: { type: "string", default: join(here, "crashes") },
    replay: { type: "string" },
    save: { type: "boolean", default: false },
  },
});

/** A word on the command line that is none of ours. */
class UsageError extends Error {}

try {
  process.exitCode = await main(positionals[0]);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\ntargets: ${targetNames().join(", ")}\n`);
  process.exitCode = 2;
}

async function main(name: string | undefined): Promise<number> {
  for (const file of filesOf(name)) {
    const code = values.replay === undefined ? await fuzzTarget(file) : await replay(file, values.replay);
    if (code !== 0) return code;
  }
  return 0;
}

async function fuzzTarget(targetFile: string): Promise<number> {
  const name = basename(targetFile, ".ts");
  const corpusFolder = join(here, "corpus", name);
  const result = await runCampaign({
    targetFile,
    corpusFolder,
    crashFolder: values.crashes,
    seed: readCount(values.seed),
    seconds: readCount(values.seconds),
    executionsMax: readCount(values.executions),
    hangSeconds: readCount(values.hang),
  });
  if (result.outcome === "crash") {
    print(`${name}: seed ${values.seed} found a crash\n${result.text}\n`);
    print(`replay: node fuzz/run.ts ${argumentOf(targetFile)} --replay ${relative(process.cwd(), result.crashFile)}`);
    return 1;
  }
  const { executionCount, characterCount, interesting } = result.report;
  print(`${name}: clean, ${executionCount} executions, ${characterCount} characters of code, seed ${values.seed}`);
  if (values.save) save(corpusFolder, interesting);
  return 0;
}

/** Tries one input and shows what it does. */
async function replay(targetFile: string, inputFile: string): Promise<number> {
  const target = (await import(pathToFileURL(targetFile).href)) as FuzzTarget;
  const verdict = await execute(target, new Uint8Array(readFileSync(inputFile)));
  print(verdict.outcome === "crash" ? verdict.text : "no crash");
  return verdict.outcome === "crash" ? 1 : 0;
}

/** Adds the inputs that reached code which the corpus did not. */
function save(folder: string, interesting: readonly Uint8Array[]): void {
  mkdirSync(folder, { recursive: true });
  const known = new Set(readCorpus(folder).map(({ bytes }) => nameOf(bytes)));
  for (const input of interesting)
    if (input.length > 0 && !known.has(nameOf(input))) writeFileSync(join(folder, nameOf(input)), input);
}

function targetNames(): readonly string[] {
  return readdirSync(join(here, "targets"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => basename(file, ".ts"))
    .toSorted();
}

/** The files that a name on the command line stands for: all targets, one of them, or any other file. */
function filesOf(name: string | undefined): readonly string[] {
  const inTargets = (target: string): string => join(here, "targets", `${target}.ts`);
  if (name === undefined) throw new UsageError("which target?");
  if (name === "all") return targetNames().map(inTargets);
  if (targetNames().includes(name)) return [inTargets(name)];
  if (name.endsWith(".ts") && existsSync(name)) return [resolve(name)];
  throw new UsageError(`there is no target ${name}`);
}

function argumentOf(targetFile: string): string {
  const name = basename(targetFile, ".ts");
  return targetNames().includes(name) ? name : relative(process.cwd(), targetFile);
}

function readCount(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new UsageError(`${text} is no whole number`);
  return value;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
