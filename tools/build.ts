/** Builds what is bundled (the web interface, the guts command) when its sources changed. Nx decides by content. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { runStep } from "./run-step.ts";

const root = join(import.meta.dirname, "..");
mkdirSync(join(root, ".cache"), { recursive: true });
const outcome = await runStep({
  title: "Building the web interface and the command line",
  argv: [process.execPath, "node_modules/nx/dist/bin/nx.js", "run-many", "-t", "build", "--outputStyle=static"],
  cwd: root,
  env: { ...process.env, NX_TUI: "false", NX_DAEMON: "false" },
  logFile: join(root, ".cache", "build.log"),
});
process.exitCode = outcome.exitCode === 0 ? 0 : 1;
