import type { RepositoryCard } from "@guts/api";

/** Somewhere the jump dialog can go. */
export interface JumpTarget {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  readonly kind: "repository" | "private-repository" | "page";
  readonly path: string;
}

/** Most targets listed at once. */
export const jumpTargetsMax = 12;

const pages: readonly JumpTarget[] = [
  { id: "home", label: "Home", kind: "page", path: "/" },
  { id: "new", label: "New repository", kind: "page", path: "/new" },
  { id: "organizations", label: "Your organizations", kind: "page", path: "/settings/organizations" },
  { id: "new-organization", label: "New organization", kind: "page", path: "/account/organizations/new" },
  { id: "tokens", label: "Access tokens", kind: "page", path: "/settings/tokens" },
  { id: "ssh-keys", label: "SSH and GPG keys", kind: "page", path: "/settings/ssh-keys" },
  { id: "settings", label: "Settings", kind: "page", path: "/settings/profile" },
  { id: "security-log", label: "Security log", kind: "page", path: "/settings/security-log" },
  { id: "limits", label: "Limits", kind: "page", path: "/settings/limits" },
  { id: "status", label: "Network status", kind: "page", path: "/status" },
];

/**
 * The targets that match what was typed, best first: letters must occur in order; a name that begins with them, or a
 * repository's own name that does, comes before one that merely contains them. `owner/name` typed in full is a target
 * even when it is not among the repositories known here.
 */
export function findJumpTargets(query: string, repositories: readonly RepositoryCard[]): readonly JumpTarget[] {
  const wanted = query.trim().toLowerCase();
  const known = [...uniqueTargets(repositories), ...pages];
  if (wanted === "") return known.slice(0, jumpTargetsMax);
  const ranked = known
    .map((target) => ({ target, rank: rankOf(target.label.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => a.rank! - b.rank!)
    .map(({ target }) => target);
  const named = /^[a-z\d-]+\/[\w.-]+$/i.exec(query.trim())?.[0];
  const isListed = named !== undefined && ranked.some((target) => target.label.toLowerCase() === named.toLowerCase());
  const typed = named === undefined || isListed ? [] : [typedTarget(named)];
  return [...ranked.slice(0, jumpTargetsMax - typed.length), ...typed];
}

function rankOf(label: string, wanted: string): number | undefined {
  const own = label.slice(label.indexOf("/") + 1);
  if (label.startsWith(wanted)) return 0;
  if (own.startsWith(wanted)) return 1;
  if (label.includes(wanted)) return 2;
  let position = -1;
  for (const letter of wanted) {
    position = label.indexOf(letter, position + 1);
    if (position < 0) return undefined;
  }
  return 3;
}

function uniqueTargets(repositories: readonly RepositoryCard[]): readonly JumpTarget[] {
  return [...new Map(repositories.map((repository) => [repository.id, repositoryTarget(repository)])).values()];
}

function repositoryTarget({ id, owner, name, description, isPrivate }: RepositoryCard): JumpTarget {
  const label = `${owner}/${name}`;
  return {
    id: String(id),
    label,
    ...(description === null ? {} : { detail: description }),
    kind: isPrivate ? "private-repository" : "repository",
    path: `/${label}`,
  };
}

function typedTarget(name: string): JumpTarget {
  return { id: "typed", label: name, detail: "Go to this address", kind: "repository", path: `/${name}` };
}
