import type {
  BranchProtection,
  BranchProtectionUpdate,
  BranchRule,
  Enforcement,
  ProtectionSummary,
  PushRestrictions,
  ReviewProtection,
  ReviewProtectionUpdate,
  StatusCheckPolicy,
  StatusChecksUpdate,
} from "@guts/api";
import { noActors, type ProtectionActors, type ProtectionSettings } from "@guts/governance";
import type { ForgeState, Repository } from "@guts/ledger";
import type { AccountId, TeamId } from "@guts/primitives";

import { invalidField, type Refusal } from "../../errors.ts";
import { accountsOf, presentTeams, teamsOf, type SeesTeam } from "../../use-cases/protection-actors.ts";
import type { Presenting } from "./present-organization.ts";
import { presentTeam } from "./present-team.ts";
import { presentSimpleUser } from "./present-user.ts";

/** Where and to whom a rule is shown: `url` is that of the branch's protection. */
export interface ProtectionPlace extends Presenting {
  readonly state: ForgeState;
  readonly url: string;
  readonly seesTeam: SeesTeam;
}

/** A rule as GitHub shows that of a branch. */
export function presentProtection(settings: ProtectionSettings, place: ProtectionPlace): BranchProtection {
  const { url } = place;
  const checks = presentChecks(settings, url);
  const reviews = presentReviews(settings, place);
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
export function presentReviews(settings: ProtectionSettings, place: ProtectionPlace): ReviewProtection | undefined {
  const { pullRequest, bypassers, dismissers } = settings;
  if (pullRequest === undefined) return undefined;
  const url = `${place.url}/required_pull_request_reviews`;
  const dismissal = `${place.url}/dismissal_restrictions`;
  const links = { url: dismissal, users_url: `${dismissal}/users`, teams_url: `${dismissal}/teams` };
  const isBypassed = bypassers.accounts.length + bypassers.teams.length > 0;
  return {
    url,
    ...(dismissers !== undefined && { dismissal_restrictions: { ...links, ...presentActors(dismissers, place) } }),
    ...(isBypassed && { bypass_pull_request_allowances: presentActors(bypassers, place) }),
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

/** Who alone may push, if a rule says so. */
export function presentRestrictions(
  { pushers }: ProtectionSettings,
  place: ProtectionPlace,
): PushRestrictions | undefined {
  if (pushers === undefined) return undefined;
  const self = `${place.url}/restrictions`;
  const links = { users_url: `${self}/users`, teams_url: `${self}/teams`, apps_url: `${self}/apps` };
  return { url: self, ...links, ...presentActors(pushers, place) };
}

function presentActors({ accounts, teams }: ProtectionActors, place: ProtectionPlace) {
  const { state, urls, seesTeam } = place;
  const users = accounts
    .flatMap((id) => state.account(id) ?? [])
    .map((user) => ({ ...presentSimpleUser(user, urls), gravatar_id: "" }));
  const shown = presentTeams(state, teams, seesTeam).map((team) =>
    presentTeam(state, { team, organization: state.account(team.organization)! }, place),
  );
  return { users, teams: shown, apps: [] };
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

/** Settings that are there already, and whose they are. */
interface SettingsPlace {
  readonly state: ForgeState;
  readonly repository: Repository;
}

/** The settings that GitHub's body asks for. What Guts has no counterpart for is refused, never dropped. */
export function settingsOf(
  body: BranchProtectionUpdate,
  { requiresSignedPush, ...place }: SettingsPlace & { readonly requiresSignedPush: boolean },
): ProtectionSettings {
  if (body.allow_fork_syncing === true) throw unsupported("allow_fork_syncing");
  const reviews = body.required_pull_request_reviews;
  const resolvedConversations = body.required_conversation_resolution === true;
  if (reviews === null && resolvedConversations) throw needsReviews("required_conversation_resolution");
  const plain = {
    pullRequest: undefined,
    checks: body.required_status_checks === null ? undefined : checksOf(undefined, body.required_status_checks),
    pushers: body.restrictions === null ? undefined : actorsOf(place, body.restrictions, "restrictions"),
    bypassers: noActors,
    dismissers: undefined,
    requiresLinearHistory: body.required_linear_history === true,
    requiresSignedPush,
    allowsForcePush: body.allow_force_pushes === true,
    allowsDeletion: body.allow_deletions === true,
    allowsCreation: body.block_creations !== true,
    isLocked: body.lock_branch === true,
    includesAdministrators: body.enforce_admins === true,
  };
  if (reviews === null) return plain;
  const { pullRequest, ...reviewed } = withReviews(plain, reviews, place);
  return { ...reviewed, pullRequest: { ...pullRequest, resolvedConversations } };
}

/** Settings with the reviews that GitHub's body asks for; what it leaves out stays, and is GitHub's default where nothing is. */
export function withReviews(
  settings: ProtectionSettings,
  asked: ReviewProtectionUpdate,
  place: SettingsPlace,
): ProtectionSettings & { readonly pullRequest: NonNullable<ProtectionSettings["pullRequest"]> } {
  const { pullRequest: before, bypassers, dismissers } = settings;
  const { dismissal_restrictions: dismissal, bypass_pull_request_allowances: bypass } = asked;
  return {
    ...settings,
    pullRequest: {
      approvals: asked.required_approving_review_count ?? before?.approvals ?? 1,
      dismissesStale: asked.dismiss_stale_reviews ?? before?.dismissesStale ?? false,
      codeOwners: asked.require_code_owner_reviews ?? before?.codeOwners ?? false,
      lastPushApproval: asked.require_last_push_approval ?? before?.lastPushApproval ?? false,
      resolvedConversations: before?.resolvedConversations ?? false,
    },
    bypassers: bypass === undefined ? bypassers : actorsOf(place, bypass, "bypass_pull_request_allowances"),
    dismissers: dismissal === undefined ? dismissers : dismissersOf(place, dismissal),
  };
}

/** GitHub's empty object takes the restriction away; lists, empty ones too, are one. */
function dismissersOf(place: SettingsPlace, asked: NamedActors): ProtectionActors | undefined {
  return Object.keys(asked).length === 0 ? undefined : actorsOf(place, asked, "dismissal_restrictions");
}

/** The checks that GitHub's body asks for; what it leaves out stays. */
export function checksOf(
  before: ProtectionSettings["checks"],
  { strict, contexts, checks }: StatusChecksUpdate,
): NonNullable<ProtectionSettings["checks"]> {
  const isGiven = contexts !== undefined || checks !== undefined;
  const names = isGiven
    ? [...(contexts ?? []), ...(checks ?? []).map(({ context }) => context)]
    : (before?.names ?? []);
  return { isStrict: strict ?? before?.isStrict ?? false, names: [...new Set(names)] };
}

interface NamedActors {
  readonly users?: readonly string[];
  readonly teams?: readonly string[];
  readonly apps?: readonly string[];
}

function actorsOf(
  { state, repository }: SettingsPlace,
  { users = [], teams = [], apps = [] }: NamedActors,
  field: string,
): ProtectionActors {
  if (apps.length > 0) throw unsupported(`${field}.apps`);
  const accounts: readonly AccountId[] = accountsOf(state, { handles: users, field: `${field}.users` });
  const ids: readonly TeamId[] = teamsOf(state, repository, { slugs: teams, field: `${field}.teams` });
  return { accounts, teams: ids };
}

function needsReviews(field: string): Refusal {
  return invalidField({ resource: "Protection", field, message: "needs required_pull_request_reviews" });
}

function unsupported(field: string): Refusal {
  return invalidField({ resource: "Protection", field, message: "is not supported; leave it out" });
}
