/** `npm run check`: format, lint, types and architecture. Runs every step even when one fails, so that one run says it all. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const node = process.execPath;

const steps: readonly (readonly [title: string, ...argv: string[]])[] = [
  ["format", node, "node_modules/oxfmt/bin/oxfmt", "--check", "."],
  ["types", node, "node_modules/typescript/bin/tsc", "-b"],
  ["types of tests", node, "node_modules/typescript/bin/tsc", "-p", "tsconfig.tests.json"],
  ["lint", node, "node_modules/oxlint/bin/oxlint", "--quiet"],
  ["architecture", node, "node_modules/vitest/vitest.mjs", "run", "tools/workspace.test.ts"],
];

const failed: string[] = [];
for (const [title, file, ...args] of steps) {
  const started = performance.now();
  const { status } = spawnSync(file!, args, { cwd: root, stdio: "inherit" });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? "passed" : "FAILED"}  ${title} (${seconds} s)\n`);
  if (status !== 0) failed.push(title);
}
process.stdout.write(`${steps.length - failed.length} passed, ${failed.length} failed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
