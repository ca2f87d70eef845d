import { usageError } from "../../cli-error.ts";

/** Whose log the command line means. */
export interface LogOptions {
  readonly network?: true;
  readonly org?: string;
  readonly repo?: string;
}

/** One's own log, the network's, an organization's, a repository's. */
export type LogPlace =
  | { readonly type: "own" }
  | { readonly type: "network" }
  | { readonly type: "org"; readonly org: string }
  | { readonly type: "repo"; readonly owner: string; readonly repo: string };

/** The log that the options name. Throws `usage` for several, or for what is no repository. */
export function parseLogPlace({ network, org, repo }: LogOptions): LogPlace {
  if ([network, org, repo].filter((each) => each !== undefined).length > 1)
    throw usageError("--network, --org and --repo exclude one another");
  if (network === true) return { type: "network" };
  if (org !== undefined) return { type: "org", org };
  if (repo === undefined) return { type: "own" };
  const [owner = "", name = "", ...rest] = repo.split("/");
  if (name === "" || rest.length > 0) throw usageError(`"${repo}" is not OWNER/REPO`);
  return { type: "repo", owner, repo: name };
}
