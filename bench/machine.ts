/** What the machine is and how busy it was: numbers of a shared machine mean little without it. */
import { availableParallelism, cpus, loadavg } from "node:os";

/** One line about the machine, now. */
export function describeMachine(): string {
  const [oneMinute, fiveMinutes] = loadavg().map((load) => load.toFixed(1));
  const cores = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"})`;
  return `${new Date().toISOString().slice(0, 16)}Z, ${cores}, Node.js ${process.version}, load average ${oneMinute} (1 min) ${fiveMinutes} (5 min)`;
}
