/** A node for tests that is killed: starts a process through a spawner, prints the ids, and stays. */
import { SpawnerPool } from "./spawner-pool.ts";

const pool = await SpawnerPool.open({ gitPath: "/bin/sh", environment: { PATH: "/usr/bin:/bin" }, spawnerCount: 1 });
const running = await pool.run({
  class: "read",
  args: ["-c", "trap '' TERM HUP PIPE; sleep 600 & echo $!; wait"],
  signal: new AbortController().signal,
});
running.stdout.once("data", (child: Buffer) => {
  console.log(JSON.stringify({ spawner: pool.spawnerPids[0], process: running.pid, grandchild: Number(child) }));
});
