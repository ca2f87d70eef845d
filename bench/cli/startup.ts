/**
 * How long the bundled command takes from start to end, beside Node.js itself: `node bench/cli/startup.ts [rounds]`.
 *
 * The rows are run in turns, so that whatever else the machine does falls on all of them alike. Build first: `npm run build`.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const bundle = join(import.meta.dirname, "../../apps/cli/dist/guts.mjs");
const rounds = Number(process.argv[2] ?? 20);
const rows: Readonly<Record<string, readonly string[]>> = {
  "node -e ''": ["-e", ""],
  "guts --help": [bundle, "--help"],
  "guts repo create --help": [bundle, "repo", "create", "--help"],
  "guts credential get": [bundle, "credential", "get"],
};

const times = new Map(Object.keys(rows).map((name) => [name, [] as number[]]));
for (let round = 0; round < rounds; round++) {
  for (const [name, argv] of Object.entries(rows)) {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, argv, { input: "protocol=https\nhost=h.example\n\n" });
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr.toString()}`);
    times.get(name)!.push(performance.now() - started);
  }
}

for (const [name, measured] of times) {
  const sorted = measured.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(0).padStart(4);
  process.stdout.write(`${name.padEnd(24)} min ${at(0)} ms  median ${at(0.5)} ms  p90 ${at(0.9)} ms\n`);
}
