/** What a tree of processes has cost so far. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const pageBytes = 4096;
const controllers = "/sys/fs/cgroup";

/**
 * A control group: every process that its members start is counted, also those that nobody waits for.
 *
 * fcgiwrap ignores the end of its children, so the time of git would be missing from any sum over processes.
 */
export class ProcessGroup implements Disposable {
  readonly #folder: string;
  readonly #isUnified: boolean;

  constructor(name: string) {
    this.#isUnified = !existsSync(join(controllers, "cpuacct"));
    this.#folder = join(controllers, this.#isUnified ? "" : "cpuacct", `guts-bench-${process.pid}-${name}`);
    mkdirSync(this.#folder);
  }

  /** Moves a process here; what it starts from now on is counted with it. */
  add(pid: number): void {
    writeFileSync(join(this.#folder, "cgroup.procs"), String(pid));
  }

  /** CPU milliseconds of all members so far, ended ones included. */
  cpuMs(): number {
    if (!this.#isUnified) return Number(readFileSync(join(this.#folder, "cpuacct.usage"), "utf8")) / 1e6;
    const usage = /usage_usec (\d+)/.exec(readFileSync(join(this.#folder, "cpu.stat"), "utf8"));
    return Number(usage?.[1]) / 1_000;
  }

  [Symbol.dispose](): void {
    try {
      rmdirSync(this.#folder);
    } catch {
      // Members may still be ending; an empty group is removed with the machine.
    }
  }
}

/** Resident bytes of one process; 0 when it is gone. */
export function residentBytesOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * pageBytes;
  } catch {
    return 0;
  }
}
