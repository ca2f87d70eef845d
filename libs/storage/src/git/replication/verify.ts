import type { ObjectId } from "@guts/primitives";
import { verifyTimeoutMs } from "../limits.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { linesOf } from "../spawner/output.ts";

/** How thoroughly to look. */
export interface VerifyOptions {
  /** What must be whole: the values of all refs. */
  readonly tips: readonly ObjectId[];
  /** Reads and hashes every object; otherwise only that each is there and that commits and trees can be read. */
  readonly isFull: boolean;
  readonly signal: AbortSignal;
}

/** What was found. `detail` is git's first complaint, for an operator. */
export type Verification = { readonly outcome: "sound" } | { readonly outcome: "damaged"; readonly detail: string };

/**
 * Whether a repository has everything that its refs reach, and with `isFull` whether all of it is what its id says.
 *
 * Throws `timeout` or the signal's reason; a git that dies otherwise has met damage.
 */
export async function verifyRepository(
  runner: GitRunner,
  repositoryPath: string,
  options: VerifyOptions,
): Promise<Verification> {
  const connected = await check(runner, repositoryPath, {
    args: ["rev-list", "--objects", "--quiet", "--stdin"],
    input: options.tips,
    signal: options.signal,
  });
  if (connected.outcome === "damaged" || !options.isFull) return connected;
  const args = ["fsck", "--full", "--strict", "--no-dangling", "--no-progress", "--no-reflogs"];
  return check(runner, repositoryPath, { args, input: [], signal: options.signal });
}

async function check(
  runner: GitRunner,
  repositoryPath: string,
  job: { readonly args: readonly string[]; readonly input: readonly ObjectId[]; readonly signal: AbortSignal },
): Promise<Verification> {
  const process = await runner.run({
    class: "maintenance",
    args: job.args,
    repositoryPath,
    stdin: true,
    limits: { timeoutMs: verifyTimeoutMs },
    signal: job.signal,
  });
  process.stdin.end(job.input.map((id) => `${id}\n`).join(""));
  let said = "";
  for await (const lines of linesOf(process, Number.POSITIVE_INFINITY)) said ||= lines.find(Boolean) ?? "";
  const exit = await process.exited;
  job.signal.throwIfAborted();
  if (exit.code === 0) return { outcome: "sound" };
  const complaint = /^(?:error|fatal|missing|broken|bad).*$/m.exec(process.stderr)?.[0] ?? said;
  return { outcome: "damaged", detail: complaint === "" ? `git ended with ${exit.code ?? exit.signal}` : complaint };
}
