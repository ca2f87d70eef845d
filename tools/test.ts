/** `npm test`: every suite of the tier, whatever fails; then a table of minutes and one closing line. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { createProgress } from "./progress.ts";
import { runStep, type StepOutcome } from "./run-step.ts";
import { type Suite, suites, type Tier } from "./suites.ts";
import { ensureSystemPackages } from "./system-packages.ts";

interface SuiteResult {
  readonly suite: Suite;
  readonly passed: number;
  readonly failed: number;
  readonly durationMs: number;
}

const root = join(import.meta.dirname, "..");
const resultsFolder = join(root, "test-results");
const progress = createProgress();

/** Suites that wait run this many at once; in the long tier each has the machine for itself. */
const laneCounts: Readonly<Record<Tier, number>> = { short: 2, long: 1 };
/** Each lane has ports of its own for its networks. */
const firstPort = Number(process.env["GUTS_TEST_FIRST_PORT"] ?? 21_000);
const portsPerLane = 1_000;

const { values, positionals } = parseArgs({ options: { long: { type: "boolean" } }, allowPositionals: true });
process.exitCode = await runTier(values.long === true ? "long" : "short", positionals);

/** Runs the suites of `tier` (only those in `names`, when there are any) and answers the exit code. */
async function runTier(tier: Tier, names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`No suite ${unknown.join(", ")}. There are: ${suites.map(({ name }) => name).join(", ")}\n`);
    return 2;
  }
  const chosen = suites.filter(
    ({ name, minutesMax }) => minutesMax[tier] !== undefined && (names.length === 0 || names.includes(name)),
  );
  if (!ensureSystemPackages(chosen.flatMap(({ needs }) => needs))) return 2;
  mkdirSync(resultsFolder, { recursive: true });

  const startedAt = performance.now();
  if (chosen.some(({ isOfBundles }) => isOfBundles === true) && !(await buildBundles())) return 1;
  const alone = chosen.filter(({ isAlone }) => isAlone);
  const others = chosen.filter(({ isAlone }) => !isAlone);
  const results = [...(await runInLanes(alone, 1, tier)), ...(await runInLanes(others, laneCounts[tier], tier))];
  printTable(results, performance.now() - startedAt);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed > 0 || passed === 0 || results.length < chosen.length ? 1 : 0;
}

/** Runs suites in their order, so many at once; answers what was run, which is not all after an interrupt. */
async function runInLanes(queue: readonly Suite[], laneCount: number, tier: Tier): Promise<readonly SuiteResult[]> {
  const waiting = [...queue];
  const results: SuiteResult[] = [];
  const runLane = async (lane: number): Promise<void> => {
    for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
      if (process.exitCode === 130) return;
      results.push(await runSuite(suite, tier, lane));
    }
  };
  await Promise.all(Array.from({ length: laneCount }, (_, lane) => runLane(lane)));
  return results.toSorted((left, right) => queue.indexOf(left.suite) - queue.indexOf(right.suite));
}

/** Builds the web interface and the command line once, before suites that run at once would each do it. */
async function buildBundles(): Promise<boolean> {
  const logFile = join(resultsFolder, "build.log");
  const argv = [process.execPath, "tools/build.ts"];
  return (await runStep({ title: "Building the bundles", argv, cwd: root, logFile }, progress)).exitCode === 0;
}

async function runSuite(suite: Suite, tier: Tier, lane: number): Promise<SuiteResult> {
  const logFile = join(resultsFolder, `${suite.name}.log`);
  const reportFile = join(resultsFolder, `${suite.name}.json`);
  rmSync(reportFile, { force: true });
  const cache = { NODE_COMPILE_CACHE: join(root, ".cache", "compile") }; // For all programs that the suite starts.
  const ports = { GUTS_TEST_FIRST_PORT: String(firstPort + lane * portsPerLane) };
  const database =
    suite.run.kind === "vitest" && suite.run.database !== undefined ? { GUTS_TEST_DATABASE: suite.run.database } : {};
  const step = {
    title: `Suite ${suite.name}`,
    argv: argvOf(suite, reportFile),
    cwd: root,
    env: { ...process.env, ...cache, ...ports, ...database, GUTS_TEST_TIER: tier, CI: "true", NO_COLOR: "1" },
    logFile,
    timeoutMs: suite.minutesMax[tier]! * 60_000,
  };
  const outcome = await runStep(step, progress);
  const counted = suite.run.kind === "vitest" ? countReport(reportFile) : countClosingLine(logFile);
  return { suite, durationMs: outcome.durationMs, ...withExitCode(counted, outcome) };
}

function argvOf({ run }: Suite, reportFile: string): readonly string[] {
  if (run.kind === "script") return [process.execPath, run.file];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  return [
    process.execPath,
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    run.config,
    ...reporters,
    ...(run.filesAtOnce === undefined ? [] : [`--maxWorkers=${run.filesAtOnce}`]),
    ...run.paths,
  ];
}

interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** A suite that ended badly without naming a failed test (a crash, its time limit) has failed as a whole. */
function withExitCode({ passed, failed }: Count, outcome: StepOutcome): Count {
  const isSilentFailure = failed === 0 && (outcome.exitCode !== 0 || passed === 0);
  return { passed, failed: isSilentFailure ? 1 : failed };
}

/** Counts vitest's report. Skipped tests count as failed: nobody looks at what was left out. */
function countReport(reportFile: string): Count {
  if (!existsSync(reportFile)) return { passed: 0, failed: 0 };
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as Record<string, number>;
  const passed = report["numPassedTests"] ?? 0;
  return { passed, failed: (report["numTotalTests"] ?? 0) - passed };
}

function countClosingLine(logFile: string): Count {
  const line = readFileSync(logFile, "utf8").trimEnd().split("\n").at(-1) ?? "";
  const match = /^(\d+) passed, (\d+) failed$/.exec(line);
  return { passed: Number(match?.[1] ?? 0), failed: Number(match?.[2] ?? 0) };
}

/** Minutes of each suite, and of the whole: less than their sum, for some ran at once. */
function printTable(results: readonly SuiteResult[], totalMs: number): void {
  const nameWidth = Math.max(5, ...results.map(({ suite }) => suite.name.length));
  const row = (name: string, ...cells: readonly string[]) =>
    `${name.padEnd(nameWidth)} ${cells.map((cell) => cell.padStart(8)).join("")}\n`;
  process.stdout.write(`\n${row("suite", "minutes", "passed", "failed")}`);
  for (const { suite, durationMs, passed, failed } of results)
    process.stdout.write(row(suite.name, (durationMs / 60_000).toFixed(2), String(passed), String(failed)));
  process.stdout.write(`${row("total", (totalMs / 60_000).toFixed(2))}\n`);
}
