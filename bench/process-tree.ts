/** CPU time of processes and everything below them, from /proc. Linux only. */
import { readFileSync } from "node:fs";
import { descendantsOf } from "../e2e/harness/processes.ts";

/** /proc counts in hundredths of a second on every Linux that Node.js runs on. */
const tickMs = 10;

/** CPU milliseconds of these processes and of what is below them, children that have ended and were waited for included. */
export function treeCpuMs(pids: readonly number[]): number {
  return pids.flatMap((pid) => [pid, ...descendantsOf(pid)]).reduce((sum, pid) => sum + cpuMsOf(pid), 0);
}

function cpuMsOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // utime, stime, cutime, cstime: fields 14 to 17 of proc(5), of which two stand before the parenthesis.
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * tickMs;
  } catch {
    return 0; // It has ended; who waited for it has its time.
  }
}
