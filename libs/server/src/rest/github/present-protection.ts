import type {
  BranchProtection,
  BranchProtectionUpdate,
  BranchRule,
  Enforcement,
  ProtectionSummary,
  ReviewProtection,
  StatusCheckPolicy,
} from "@guts/api";
import type { ProtectionSettings } from "@guts/governance";
import type { ForgeState } from "@guts/ledger";
import type { AccountId } from "@guts/primitives";

import { invalidField, type Refusal } from "../../errors.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { presentSimpleUser } from "./present-user.ts";
import type { Urls } from "./urls.ts";

/** Where a rule is shown: `url` is that of the branch's protection. */
export interface ProtectionPlace {
  readonly state: ForgeState;
  readonly urls: Urls;
  readonly url: string;
}

/** A rule as GitHub shows that of a branch. */
export function presentProtection(settings: ProtectionSettings, place: ProtectionPlace): BranchProtection {
  const { url } = place;
  const checks = presentChecks(settings, url);
  const reviews = presentReviews(settings, url);
  const restrictions = presentRestrictions(settings, place);
  return {
    url,
    ...(checks !== undefined && { required_status_checks: checks }),
    ...(reviews !== undefined && { required_pull_request_reviews: reviews }),
    required_signatures: presentEnforcement(`${url}/required_signatures`, settings.requiresSignedPush),
    enforce_admins: presentEnforcement(`${url}/enforce_admins`, settings.includesAdministrators),
    ...(restrictions !== undefined && { restrictions }),
    required_linear_history: { enabled: settings.requiresLinearHistory },
    allow_force_pushes: { enabled: settings.allowsForcePush },
    allow_deletions: { enabled: settings.allowsDeletion },
    block_creations: { enabled: !settings.allowsCreation },
    required_conversation_resolution: { enabled: settings.pullRequest?.resolvedConversations === true },
    lock_branch: { enabled: settings.isLocked },
    allow_fork_syncing: { enabled: false },
  };
}

/** What a branch says of its protection. */
export function summarizeProtection(settings: ProtectionSettings | undefined): ProtectionSummary {
  if (settings === undefined) return { enabled: false };
  const { checks, includesAdministrators } = settings;
  const enforcement_level = checks === undefined ? "off" : includesAdministrators ? "everyone" : "non_admins";
  const names = checks?.names ?? [];
  const listed = { contexts: [...names], checks: names.map((context) => ({ context, app_id: null })) };
  return { enabled: true, required_status_checks: { enforcement_level, ...listed } };
}

/** The checks that a rule asks for, if any. */
export function presentChecks({ checks }: ProtectionSettings, protectionUrl: string): StatusCheckPolicy | undefined {
  if (checks === undefined) return undefined;
  const url = `${protectionUrl}/required_status_checks`;
  return {
    url,
    strict: checks.isStrict,
    contexts: [...checks.names],
    checks: checks.names.map((context) => ({ context, app_id: null })),
    contexts_url: `${url}/contexts`,
  };
}

/** The reviews that a rule asks for, if any. */
export function presentReviews({ pullRequest }: ProtectionSettings, url: string): ReviewProtection | undefined {
  if (pullRequest === undefined) return undefined;
  return {
    url: `${url}/required_pull_request_reviews`,
    dismiss_stale_reviews: pullRequest.dismissesStale,
    require_code_owner_reviews: pullRequest.codeOwners,
    required_approving_review_count: pullRequest.approvals,
    require_last_push_approval: pullRequest.lastPushApproval,
  };
}

/** One part of a rule that is on or off and has a URL. */
export function presentEnforcement(url: string, enabled: boolean): Enforcement {
  return { url, enabled };
}

function presentRestrictions({ pushers }: ProtectionSettings, { state, urls, url }: ProtectionPlace) {
  if (pushers === undefined) return undefined;
  const self = `${url}/restrictions`;
  const users = pushers.accounts
    .flatMap((id) => state.account(id) ?? [])
    .map((user) => ({ ...presentSimpleUser(user, urls), gravatar_id: "" }));
  const links = { users_url: `${self}/users`, teams_url: `${self}/teams`, apps_url: `${self}/apps` };
  return { url: self, ...links, users, teams: [], apps: [] };
}

/** What holds for a branch, as GitHub lists it. */
export function presentRules(settings: ProtectionSettings | undefined): readonly BranchRule[] {
  if (settings === undefined) return [];
  const { pullRequest, checks, pushers, isLocked } = settings;
  const rules: BranchRule[] = [];
  if (!settings.allowsCreation) rules.push({ type: "creation" });
  if (isLocked || pushers !== undefined) rules.push({ type: "update" });
  if (!settings.allowsDeletion) rules.push({ type: "deletion" });
  if (!settings.allowsForcePush) rules.push({ type: "non_fast_forward" });
  if (settings.requiresLinearHistory) rules.push({ type: "required_linear_history" });
  if (settings.requiresSignedPush) rules.push({ type: "required_signatures" });
  if (pullRequest !== undefined) rules.push({ type: "pull_request", parameters: reviewParameters(pullRequest) });
  if (checks !== undefined) {
    const required_status_checks = checks.names.map((context) => ({ context }));
    const parameters = { required_status_checks, strict_required_status_checks_policy: checks.isStrict };
    rules.push({ type: "required_status_checks", parameters });
  }
  return rules;
}

function reviewParameters(pullRequest: NonNullable<ProtectionSettings["pullRequest"]>) {
  return {
    dismiss_stale_reviews_on_push: pullRequest.dismissesStale,
    require_code_owner_review: pullRequest.codeOwners,
    require_last_push_approval: pullRequest.lastPushApproval,
    required_approving_review_count: pullRequest.approvals,
    required_review_thread_resolution: pullRequest.resolvedConversations,
  };
}

/** The settings that GitHub's body asks for. What Guts has no counterpart for is refused, never dropped. */
export function settingsOf(
  body: BranchProtectionUpdate,
  { state, requiresSignedPush }: { readonly state: ForgeState; readonly requiresSignedPush: boolean },
): ProtectionSettings {
  if (body.allow_fork_syncing === true) throw unsupported("allow_fork_syncing");
  const pullRequest = pullRequestOf(body);
  return {
    pullRequest,
    checks: checksOf(body),
    pushers: pushersOf(state, body),
    requiresLinearHistory: body.required_linear_history === true,
    requiresSignedPush,
    allowsForcePush: body.allow_force_pushes === true,
    allowsDeletion: body.allow_deletions === true,
    allowsCreation: body.block_creations !== true,
    isLocked: body.lock_branch === true,
    includesAdministrators: body.enforce_admins === true,
  };
}

function pullRequestOf(body: BranchProtectionUpdate): ProtectionSettings["pullRequest"] {
  const reviews = body.required_pull_request_reviews;
  const resolvedConversations = body.required_conversation_resolution === true;
  if (reviews === null) {
    if (!resolvedConversations) return undefined;
    const field = "required_conversation_resolution";
    throw invalidField({ resource: "Protection", field, message: "needs required_pull_request_reviews" });
  }
  for (const field of ["dismissal_restrictions", "bypass_pull_request_allowances"] as const)
    if (Object.values(reviews[field] ?? {}).some((actors) => actors.length > 0)) throw unsupported(field);
  return {
    approvals: reviews.required_approving_review_count ?? 1,
    dismissesStale: reviews.dismiss_stale_reviews === true,
    codeOwners: reviews.require_code_owner_reviews === true,
    lastPushApproval: reviews.require_last_push_approval === true,
    resolvedConversations,
  };
}

function checksOf({ required_status_checks: asked }: BranchProtectionUpdate): ProtectionSettings["checks"] {
  if (asked === null) return undefined;
  const names = [...(asked.contexts ?? []), ...(asked.checks ?? []).map(({ context }) => context)];
  return { isStrict: asked.strict === true, names: [...new Set(names)] };
}

function pushersOf(state: ForgeState, { restrictions }: BranchProtectionUpdate): ProtectionSettings["pushers"] {
  if (restrictions === null) return undefined;
  if ((restrictions.apps ?? []).length > 0) throw unsupported("restrictions.apps");
  if ((restrictions.teams ?? []).length > 0) throw unsupported("restrictions.teams");
  return { accounts: accountsOf(state, restrictions.users ?? []), teams: [] };
}

/** The accounts of these handles, each once. Throws `Refusal` for one that there is not. */
export function accountsOf(state: ForgeState, handles: readonly string[]): readonly AccountId[] {
  const ids = handles.map((handle) => {
    const found = findAccount(state, handle);
    if (found !== undefined) return found.account.id;
    throw invalidField({ resource: "Protection", field: "users", message: `there is no account ${handle}` });
  });
  return [...new Set(ids)];
}

function unsupported(field: string): Refusal {
  return invalidField({ resource: "Protection", field, message: "is not supported; leave it out" });
}
