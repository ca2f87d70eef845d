import { availableParallelism } from "node:os";
import { bigFileThresholdBytes, packThreadsMax } from "./limits.ts";

/** What the environment of git depends on. */
export interface GitEnvironmentOptions {
  /** Where programs are looked up. */
  readonly path?: string;
  /** Ref namespaces that no client may see or write, such as `refs/internal/`. */
  readonly hiddenRefs?: readonly string[];
}

/** Where git and prlimit are looked up unless told otherwise. */
export const gitPathDefault = "/usr/local/bin:/usr/bin:/bin";

/**
 * The whole environment of every git process, made from nothing.
 *
 * No system or user configuration is read, nothing is ever fetched or run from a repository, and everything that git
 * would do by itself later (gc, maintenance) is off. Settings come by GIT_CONFIG_COUNT, so that no file can weaken them.
 */
export function gitEnvironment(options: GitEnvironmentOptions = {}): Record<string, string> {
  const settings = gitSettings(options.hiddenRefs ?? []);
  const environment: Record<string, string> = {
    PATH: options.path ?? gitPathDefault,
    HOME: "/nonexistent",
    LC_ALL: "C",
    TZ: "UTC",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_CONFIG_COUNT: String(settings.length),
  };
  for (const [index, [key, value]] of settings.entries()) {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return environment;
}

function gitSettings(hiddenRefs: readonly string[]): (readonly [string, string])[] {
  return [
    ["core.hooksPath", "/dev/null"],
    ["core.fsmonitor", "false"],
    ["core.bigFileThreshold", String(bigFileThresholdBytes)],
    ["core.fsync", "committed,pack,pack-metadata,commit-graph,reference"],
    ["core.packedGitWindowSize", "64m"],
    ["core.packedGitLimit", "1g"],
    ["core.logAllRefUpdates", "false"],
    ["safe.bareRepository", "explicit"],
    ["protocol.allow", "never"],
    ["gc.auto", "0"],
    ["maintenance.auto", "false"],
    ["receive.autogc", "false"],
    ["pack.writeReverseIndex", "true"],
    ["pack.windowMemory", "128m"],
    ["pack.threads", String(Math.min(availableParallelism(), packThreadsMax))],
    ["pack.island", "^(refs)/heads/"],
    ["pack.island", "^(refs)/tags/"],
    ["pack.islandCore", "refs"],
    ["uploadpack.allowFilter", "true"],
    ["uploadpack.allowAnySHA1InWant", "true"], // Wants are checked before git hears of them.
    ["diff.renames", "true"],
    ["color.ui", "false"],
    ...hiddenRefs.map((namespace) => ["transfer.hideRefs", namespace] as const),
  ];
}
