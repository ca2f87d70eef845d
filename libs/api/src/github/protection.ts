import { Type, type Static } from "typebox";

import { Nullable, OneOf, Strings } from "../schema.ts";
import { Team } from "./teams.ts";
import { SimpleUser } from "./users.ts";

const Enabled = Type.Object({ enabled: Type.Boolean() });

/** GitHub's `protected-branch-admin-enforced`; signed pushes have the same shape. */
export const Enforcement = Type.Object({ url: Type.String(), enabled: Type.Boolean() }, { title: "Enforcement" });
export type Enforcement = Static<typeof Enforcement>;

/** GitHub's `status-check-policy`: the checks that a branch asks for. */
export const StatusCheckPolicy = Type.Object(
  {
    url: Type.String(),
    strict: Type.Boolean(),
    contexts: Type.Array(Type.String()),
    checks: Type.Array(Type.Object({ context: Type.String(), app_id: Type.Null() })),
    contexts_url: Type.String(),
  },
  { title: "StatusCheckPolicy" },
);
export type StatusCheckPolicy = Static<typeof StatusCheckPolicy>;

const actors = {
  users: Type.Array(SimpleUser),
  teams: Type.Array(Team),
  apps: Type.Array(Type.Never()),
};

/** Here, and here alone, GitHub never has null for `gravatar_id`. */
export const RestrictedUser = Type.Object({ ...SimpleUser.properties, gravatar_id: Type.String() });

/** GitHub's `protected-branch-pull-request-review`: the reviews that a branch asks for. */
export const ReviewProtection = Type.Object(
  {
    url: Type.String(),
    dismiss_stale_reviews: Type.Boolean(),
    require_code_owner_reviews: Type.Boolean(),
    required_approving_review_count: Type.Integer(),
    require_last_push_approval: Type.Boolean(),
    dismissal_restrictions: Type.Optional(
      Type.Object({ ...Strings("url", "users_url", "teams_url").properties, ...actors }),
    ),
    bypass_pull_request_allowances: Type.Optional(Type.Object(actors)),
  },
  { title: "ReviewProtection" },
);
export type ReviewProtection = Static<typeof ReviewProtection>;

/** GitHub's `branch-restriction-policy`: who alone may push. */
export const PushRestrictions = Type.Object(
  {
    ...Strings("url", "users_url", "teams_url", "apps_url").properties,
    users: Type.Array(RestrictedUser),
    teams: Type.Array(Team),
    apps: Type.Array(Type.Never()),
  },
  { title: "PushRestrictions" },
);
export type PushRestrictions = Static<typeof PushRestrictions>;

/** GitHub's `branch-protection` and `protected-branch` in one: the rule that governs a branch. */
export const BranchProtection = Type.Object(
  {
    url: Type.String(),
    required_status_checks: Type.Optional(StatusCheckPolicy),
    required_pull_request_reviews: Type.Optional(ReviewProtection),
    required_signatures: Enforcement,
    enforce_admins: Enforcement,
    restrictions: Type.Optional(PushRestrictions),
    required_linear_history: Enabled,
    allow_force_pushes: Enabled,
    allow_deletions: Enabled,
    block_creations: Enabled,
    required_conversation_resolution: Enabled,
    lock_branch: Enabled,
    allow_fork_syncing: Enabled,
  },
  { title: "BranchProtection" },
);
export type BranchProtection = Static<typeof BranchProtection>;

/** What a branch itself says of its protection: whether there is a rule, and the checks that it asks for. */
export const ProtectionSummary = Type.Object(
  {
    enabled: Type.Boolean(),
    required_status_checks: Type.Optional(
      Type.Object({
        enforcement_level: Type.String(),
        contexts: Type.Array(Type.String()),
        checks: Type.Array(Type.Object({ context: Type.String(), app_id: Type.Null() })),
      }),
    ),
  },
  { title: "ProtectionSummary" },
);
export type ProtectionSummary = Static<typeof ProtectionSummary>;

const names = Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 100 });
const Actors = Type.Object({ users: Type.Optional(names), teams: Type.Optional(names), apps: Type.Optional(names) });
const flag = Type.Optional(Nullable(Type.Boolean()));

/** The body of `PATCH .../required_status_checks`; an absent field stays. */
export const StatusChecksUpdate = Type.Object({
  strict: Type.Optional(Type.Boolean()),
  contexts: Type.Optional(names),
  checks: Type.Optional(
    Type.Array(Type.Object({ context: Type.String({ minLength: 1, maxLength: 255 }) }), { maxItems: 100 }),
  ),
});
export type StatusChecksUpdate = Static<typeof StatusChecksUpdate>;

/** The body of `PATCH .../required_pull_request_reviews`; an absent field stays. */
export const ReviewProtectionUpdate = Type.Object({
  dismissal_restrictions: Type.Optional(Actors),
  bypass_pull_request_allowances: Type.Optional(Actors),
  dismiss_stale_reviews: Type.Optional(Type.Boolean()),
  require_code_owner_reviews: Type.Optional(Type.Boolean()),
  required_approving_review_count: Type.Optional(Type.Integer({ minimum: 0, maximum: 6 })),
  require_last_push_approval: Type.Optional(Type.Boolean()),
});
export type ReviewProtectionUpdate = Static<typeof ReviewProtectionUpdate>;

/** The body of `PUT .../protection`: everything that the branch's own rule asks, but signed pushes, which have a route. */
export const BranchProtectionUpdate = Type.Object({
  required_status_checks: Nullable(StatusChecksUpdate),
  enforce_admins: Nullable(Type.Boolean()),
  required_pull_request_reviews: Nullable(ReviewProtectionUpdate),
  restrictions: Nullable(Actors),
  required_linear_history: flag,
  allow_force_pushes: flag,
  allow_deletions: flag,
  block_creations: flag,
  required_conversation_resolution: flag,
  lock_branch: flag,
  allow_fork_syncing: flag,
});
export type BranchProtectionUpdate = Static<typeof BranchProtectionUpdate>;

/** The bodies of `.../restrictions/users` and `.../restrictions/teams`: names in an object, or alone. */
export const RestrictedUsers = Type.Union([Type.Object({ users: names }), names]);
export type RestrictedUsers = Static<typeof RestrictedUsers>;
export const RestrictedTeams = Type.Union([Type.Object({ teams: names }), names]);
export type RestrictedTeams = Static<typeof RestrictedTeams>;

/** The body of `POST .../branches/{branch}/rename`. */
export const BranchRenaming = Type.Object({ new_name: Type.String({ minLength: 1, maxLength: 244 }) });
export type BranchRenaming = Static<typeof BranchRenaming>;

/** GitHub's `repository-rule-detailed`, of the kinds that protection rules amount to. */
export const BranchRule = Type.Union(
  [
    Type.Object({
      type: OneOf("creation", "deletion", "required_linear_history", "required_signatures", "non_fast_forward"),
    }),
    Type.Object({ type: OneOf("update") }),
    Type.Object({
      type: OneOf("pull_request"),
      parameters: Type.Object({
        dismiss_stale_reviews_on_push: Type.Boolean(),
        require_code_owner_review: Type.Boolean(),
        require_last_push_approval: Type.Boolean(),
        required_approving_review_count: Type.Integer(),
        required_review_thread_resolution: Type.Boolean(),
      }),
    }),
    Type.Object({
      type: OneOf("required_status_checks"),
      parameters: Type.Object({
        required_status_checks: Type.Array(Type.Object({ context: Type.String() })),
        strict_required_status_checks_policy: Type.Boolean(),
      }),
    }),
  ],
  { title: "BranchRule" },
);
export type BranchRule = Static<typeof BranchRule>;

/** GitHub's `codeowners-errors`. */
export const CodeownersErrors = Type.Object(
  {
    errors: Type.Array(
      Type.Object({
        line: Type.Integer(),
        column: Type.Integer(),
        source: Type.String(),
        kind: Type.String(),
        suggestion: Nullable(Type.String()),
        message: Type.String(),
        path: Type.String(),
      }),
    ),
  },
  { title: "CodeownersErrors" },
);
export type CodeownersErrors = Static<typeof CodeownersErrors>;
