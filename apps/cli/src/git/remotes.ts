import type { HostUrl } from "../config/host-name.ts";
import type { Platform } from "../platform.ts";
import { askGit } from "./run-git.ts";

/** A repository at a node. */
export interface RepositoryAddress {
  readonly host: HostUrl;
  readonly owner: string;
  readonly name: string;
}

/** A remote of the current git repository that points at something shaped like a repository of a node. */
export interface Remote extends RepositoryAddress {
  readonly remoteName: string;
}

/**
 * The repository that a remote's URL names, or undefined for a URL that is no `http(s)://HOST/OWNER/REPO[.git]`.
 *
 * A user or password in the URL is left out: it is not ours to keep.
 */
export function parseRepositoryUrl(text: string): RepositoryAddress | undefined {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  const [owner, name, ...rest] = url.pathname.replace(/^\/|\/$/g, "").split("/");
  if (!owner || !name || rest.length > 0) return undefined;
  const bare = name.replace(/\.git$/, "");
  return bare === "" ? undefined : { host: url.origin as HostUrl, owner, name: bare };
}

/**
 * The remotes of the repository around the current directory, `upstream` first, then `origin`, then by name: the order
 * in which a command tries them. Empty outside of a git repository.
 */
export async function listRemotes(
  platform: Pick<Platform, "cwd" | "environment" | "signal">,
): Promise<readonly Remote[]> {
  const { exitCode, stdout } = await askGit(platform, ["config", "--null", "--get-regexp", "^remote\\..*\\.url$"]);
  if (exitCode !== 0) return [];
  const remotes: Remote[] = [];
  for (const entry of stdout.split("\0")) {
    const [key, url] = entry.split("\n", 2);
    const address = url === undefined ? undefined : parseRepositoryUrl(url);
    if (address !== undefined) remotes.push({ remoteName: key!.slice("remote.".length, -".url".length), ...address });
  }
  return remotes.sort((left, right) => rank(left.remoteName) - rank(right.remoteName));
}

function rank(remoteName: string): number {
  const known = ["upstream", "origin"].indexOf(remoteName);
  return known === -1 ? 2 : known;
}
