import { GitEngineError } from "./errors.ts";
import { gitVersionMin } from "./limits.ts";
import type { GitRunner } from "./spawner/git-process.ts";
import { collect } from "./spawner/output.ts";

/** A git and what it can do beyond the oldest that we accept. */
export interface GitFeatures {
  /** As git prints it, for example `2.39.5`. */
  readonly version: string;
  /** `git last-modified` exists (2.52). */
  readonly hasLastModified: boolean;
}

/** Asks git for its version. Throws `git-unusable` when it cannot be run or is older than `gitVersionMin`. */
export async function detectGit(runner: GitRunner, signal: AbortSignal): Promise<GitFeatures> {
  const { output } = await collect(runner, { class: "read", args: ["version"], signal });
  return parseGitVersion(output.toString("latin1"));
}

/** Reads the answer of `git version`; throws `git-unusable` for anything else or anything too old. */
export function parseGitVersion(text: string): GitFeatures {
  const match = /^git version (\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  const parts = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0), Number(match?.[3] ?? 0)];
  if (match === null || !isAtLeast(parts, gitVersionMin)) {
    const required = gitVersionMin.join(".");
    throw new GitEngineError("git-unusable", `git ${required} or newer is needed, found: ${text.trim()}`, {
      found: text.trim(),
    });
  }
  return { version: match[0].slice("git version ".length), hasLastModified: isAtLeast(parts, [2, 52, 0]) };
}

function isAtLeast(parts: readonly number[], minimum: readonly number[]): boolean {
  for (const [index, least] of minimum.entries()) {
    if (parts[index]! !== least) return parts[index]! > least;
  }
  return true;
}
