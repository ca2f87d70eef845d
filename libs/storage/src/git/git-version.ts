import { GitEngineError } from "./errors.ts";
import { gitVersionMin } from "./limits.ts";
import type { GitRunner } from "./spawner/git-process.ts";
import { collect } from "./spawner/output.ts";

/** Asks git for its version, for example `2.39.5`. Throws `git-unusable` when it cannot be run or is older than `gitVersionMin`. */
export async function detectGit(runner: GitRunner, signal: AbortSignal): Promise<string> {
  const { output } = await collect(runner, { class: "read", args: ["version"], signal });
  return parseGitVersion(output.toString("latin1"));
}

/** Reads the answer of `git version`; throws `git-unusable` for anything else or anything too old. */
export function parseGitVersion(text: string): string {
  const match = /^git version (\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  const parts = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0), Number(match?.[3] ?? 0)];
  if (match === null || !isAtLeast(parts, gitVersionMin)) {
    const required = gitVersionMin.join(".");
    throw new GitEngineError("git-unusable", `git ${required} or newer is needed, found: ${text.trim()}`, {
      found: text.trim(),
    });
  }
  return match[0].slice("git version ".length);
}

function isAtLeast(parts: readonly number[], minimum: readonly number[]): boolean {
  for (const [index, least] of minimum.entries()) {
    if (parts[index]! !== least) return parts[index]! > least;
  }
  return true;
}
