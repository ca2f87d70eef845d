/** Who may do what with a repository. Doors ask early, the ledger asks again with authority. */
import type { ScopeNeed } from "./scope.ts";
import { grantsOwnership, resolvePermission, type PermissionGrant } from "./permission-grant.ts";
import { permits, type Permission, type Visibility } from "./permission.ts";
import { areaNeedOf, repositoryPowersAllow, type AreaNeed, type RepositoryPowers } from "./restriction.ts";

/**
 * What somebody wants of a repository. `read`: that it exists and what describes it. `read-contents`: its refs, files and
 * history. `read-administration`: its deploy keys and whom it invites. `update-settings`: what describes it, such as its
 * description and homepage.
 * `change-default-branch`, `manage-protection`, `manage-deploy-keys` are asked apart from it, because who maintains a
 * repository may describe it and no more, as on GitHub. Of issues: `discuss` opens and comments, `triage` labels, assigns and closes,
 * `moderate` locks, hides and edits what others wrote and keeps the list of labels. Of pull requests: `propose` opens and edits one's
 * own, `direct-proposals` edits those of others; what merges must be allowed to `push`.
 * repository may describe it and no more, as on GitHub. Of issues: `read-issues` reads them, `discuss` opens and comments, `triage` labels, assigns and closes,
 * `moderate` locks, hides and edits what others wrote and keeps the list of labels.
 */
export type RepositoryAction =
  | "read"
  | "read-contents"
  | "read-administration"
  | "push"
  | "fork"
  | "set-status"
  | "star"
  | "watch"
  | "update-settings"
  | "change-default-branch"
  | "rename"
  | "change-visibility"
  | "archive"
  | "transfer"
  | "delete"
  | "manage-collaborators"
  | "manage-protection"
  | "manage-deploy-keys"
  | "read-audit-log"
  | "redact"
  | "read-issues"
  | "discuss"
  | "triage"
  | "moderate"
  | "delete-issue"
  | "propose"
  | "direct-proposals";

/** The weakest role that suffices: GitHub's table of repository roles. */
const NEEDED: Readonly<Record<RepositoryAction, Permission>> = {
  read: "read",
  "read-contents": "read",
  "read-administration": "admin",
  push: "write",
  fork: "read",
  "set-status": "write",
  star: "read",
  watch: "read",
  "update-settings": "maintain",
  "change-default-branch": "admin",
  rename: "admin",
  "change-visibility": "admin",
  archive: "admin",
  transfer: "admin",
  delete: "admin",
  "manage-collaborators": "admin",
  "manage-protection": "admin",
  "manage-deploy-keys": "admin",
  "read-audit-log": "admin",
  redact: "admin",
  "read-issues": "read",
  discuss: "read",
  triage: "triage",
  moderate: "write",
  "delete-issue": "admin",
  propose: "read",
  "direct-proposals": "write",
};

/** Actions that an archived repository still allows: to read it, to bring it back, to hand it over, to remove it. */
const ALLOWED_WHEN_ARCHIVED: ReadonlySet<RepositoryAction> = new Set([
  "read",
  "read-contents",
  "read-administration",
  "fork",
  "star",
  "watch",
  "archive",
  "transfer",
  "delete",
  "read-audit-log",
  "redact",
  "read-issues",
]);

/**
 * Actions that nobody but an owner may take, however much they administer: who hands a repository over gives away its
 * owner's. Of an organization's repository its owners may.
 */
const OWNER_ONLY: ReadonlySet<RepositoryAction> = new Set(["transfer"]);

/** Somebody who asks. `scopes` is undefined for a person's own key, which no scope bounds. */
export interface RepositoryAccess {
  readonly visibility: Visibility;
  readonly grants: readonly PermissionGrant[];
  readonly scopes: RepositoryPowers | undefined;
  readonly isArchived: boolean;
}

/**
 * Why not. `not-found` where even the existence is not theirs to know; `forbidden` where they may read but not this;
 * `scope-missing` where the person may and the credential may not; `area` says what a restricted one would have to hold.
 */
export type RepositoryRefusal =
  | { readonly code: "not-found" }
  | { readonly code: "forbidden"; readonly needed: Permission; readonly held: Permission }
  | { readonly code: "scope-missing"; readonly need: ScopeNeed; readonly area?: AreaNeed }
  | { readonly code: "archived" };

/** Why `action` is refused, or undefined when it is allowed. */
export function refuseRepositoryAction(
  access: RepositoryAccess,
  action: RepositoryAction,
): RepositoryRefusal | undefined {
  const held = resolvePermission(access.grants).permission;
  // A token for statuses alone may not read a private repository, and is told whether there is one by what it may do.
  const isForStatus = action === "set-status" && allows(access, "write-status");
  const mayReadByScope = access.visibility === "public" || isForStatus || allows(access, "read-private-repository");
  if (!permits(held, "read") || !mayReadByScope) return { code: "not-found" };
  const needed = NEEDED[action];
  const isReserved = OWNER_ONLY.has(action) && !grantsOwnership(access.grants);
  if (isReserved || !permits(held, needed)) return { code: "forbidden", needed, held };
  const need = scopeNeedOf(access, action);
  if (need !== undefined && !allows(access, need)) return lackOf(access, need);
  if (access.isArchived && !ALLOWED_WHEN_ARCHIVED.has(action)) return { code: "archived" };
  return undefined;
}

function lackOf({ scopes }: RepositoryAccess, need: ScopeNeed): RepositoryRefusal {
  const area = typeof scopes === "object" ? areaNeedOf(need) : undefined;
  return { code: "scope-missing", need, ...(area && { area }) };
}

/** What writes to issues: their own area of a fine-grained token. */
const ISSUE_ACTIONS: ReadonlySet<RepositoryAction> = new Set(["discuss", "triage", "moderate", "delete-issue"]);

/** What writes to pull requests: theirs. */
const PULL_ACTIONS: ReadonlySet<RepositoryAction> = new Set(["propose", "direct-proposals"]);

function scopeNeedOf(access: RepositoryAccess, action: RepositoryAction): ScopeNeed | undefined {
  if (action === "read") return undefined;
  if (ISSUE_ACTIONS.has(action)) return access.visibility === "public" ? "write-public-issues" : "write-private-issues";
  if (PULL_ACTIONS.has(action)) return access.visibility === "public" ? "write-public-pulls" : "write-private-pulls";
  if (action === "read-issues") return access.visibility === "public" ? undefined : "read-private-issues";
  if (action === "read-contents" || action === "fork")
    return access.visibility === "public" ? undefined : "read-private-contents";
  if (action === "set-status") return statusNeed(access);
  if (action === "watch") return "watch-repository";
  if (action === "star") return access.visibility === "public" ? "star-public-repository" : "star-private-repository";
  if (action === "push") return access.visibility === "public" ? "write-public-repository" : "write-private-repository";
  if (action === "read-administration") return action;
  return action === "delete" ? "delete-repository" : "administer-repository";
}

/** A token for public repositories may give statuses there, too. */
function statusNeed(access: RepositoryAccess): ScopeNeed {
  const isByContents = access.visibility === "public" && allows(access, "write-public-repository");
  return isByContents ? "write-public-repository" : "write-status";
}

function allows(access: RepositoryAccess, need: ScopeNeed): boolean {
  return access.scopes === undefined || repositoryPowersAllow(access.scopes, need);
}
