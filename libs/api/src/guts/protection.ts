import { Type, type Static } from "typebox";

import { defineRoutes } from "../route.ts";
import { Nullable, OneOf, Timestamp } from "../schema.ts";

export { exemptsAdministrators, plainProtection } from "./plain-protection.ts";

/** The longest pattern of a protection rule and the longest reason, in characters. */
export const protectionPatternLengthMax = 255;
export const protectionReasonLengthMax = 500;

/** Handles of people; teams as `ORGANIZATION/TEAM`, by handle and slug. */
const Actors = Type.Array(Type.String({ minLength: 1, maxLength: 140 }), { maxItems: 200 });

/** Whom a rule names beside those who may push. */
const reviewActors = {
  /** Those who need no pull request. */
  bypassers: Actors,
  /** The only ones who may dismiss reviews, beside administrators; null: whoever may write. */
  dismissers: Nullable(Actors),
};

/** What a protection rule asks. */
export const ProtectionSettings = Type.Object(
  {
    pullRequest: Nullable(
      Type.Object({
        approvals: Type.Integer({ minimum: 0, maximum: 6 }),
        dismissesStale: Type.Boolean(),
        codeOwners: Type.Boolean(),
        lastPushApproval: Type.Boolean(),
        resolvedConversations: Type.Boolean(),
      }),
    ),
    checks: Nullable(
      Type.Object({
        isStrict: Type.Boolean(),
        names: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 50 }),
      }),
    ),
    /** The only ones who may push. */
    pushers: Nullable(Actors),
    ...reviewActors,
    requiresLinearHistory: Type.Boolean(),
    requiresSignedPush: Type.Boolean(),
    allowsForcePush: Type.Boolean(),
    allowsDeletion: Type.Boolean(),
    allowsCreation: Type.Boolean(),
    isLocked: Type.Boolean(),
    includesAdministrators: Type.Boolean(),
  },
  { title: "ProtectionSettings" },
);
export type ProtectionSettings = Static<typeof ProtectionSettings>;

const head = {
  target: OneOf("branch", "tag"),
  pattern: Type.String({ minLength: 1, maxLength: protectionPatternLengthMax }),
};

const rule = {
  number: Type.Integer(),
  ...head,
  settings: ProtectionSettings,
  setBy: Type.String(),
  createdAt: Timestamp(),
  updatedAt: Timestamp(),
};

/** A protection rule. `number` tells its age: among rules with wildcards the least that matches governs. */
export const ProtectionRule = Type.Object(
  {
    ...rule,
    /** Names of refs that it governs now, the first few, and how many there are. */
    governs: Type.Object({ names: Type.Array(Type.String()), count: Type.Integer() }),
  },
  { title: "ProtectionRule" },
);
export type ProtectionRule = Static<typeof ProtectionRule>;

/** The body of `PUT .../protection`: makes or changes the rule of a pattern. Whom it says nothing of it does not name. */
export const ProtectionChange = Type.Object({
  ...head,
  settings: Type.Object({
    ...ProtectionSettings.properties,
    bypassers: Type.Optional(reviewActors.bypassers),
    dismissers: Type.Optional(reviewActors.dismissers),
  }),
  reason: Type.Optional(Type.String({ maxLength: protectionReasonLengthMax })),
});
export type ProtectionChange = Static<typeof ProtectionChange>;

const Requirement = Type.Object({ code: Type.String(), what: Type.String(), who: Type.String() });

/** What the viewer lacks to change a ref in each way. An empty list: they may. */
export const RefExplanation = Type.Object(
  {
    ref: Type.String(),
    rule: Nullable(Type.Object(rule)),
    /** The rule would ask more of anybody else: the viewer administers the repository, and it does not include administrators. */
    isExempt: Type.Boolean(),
    push: Type.Array(Requirement),
    forcePush: Type.Array(Requirement),
    create: Type.Array(Requirement),
    delete: Type.Array(Requirement),
  },
  { title: "RefExplanation" },
);
export type RefExplanation = Static<typeof RefExplanation>;

/** Rules by pattern, for branches and tags; what GitHub's routes say of a branch is made from the same rules. */
export const protectionRoutes = defineRoutes({
  "GET /api/guts/repos/{owner}/{repo}/protection": {
    operationId: "protection/list-rules",
    summary: "Protection rules, oldest first",
    access: "anyone",
    responses: { 200: Type.Array(ProtectionRule) },
  },
  "PUT /api/guts/repos/{owner}/{repo}/protection": {
    operationId: "protection/set-rule",
    summary: "Make or change the rule of a pattern",
    access: "signed-in",
    body: ProtectionChange,
    responses: { 200: ProtectionRule },
  },
  "DELETE /api/guts/repos/{owner}/{repo}/protection": {
    operationId: "protection/remove-rule",
    summary: "Remove the rule of a pattern",
    access: "signed-in",
    query: Type.Object({
      ...head,
      reason: Type.Optional(Type.String({ maxLength: protectionReasonLengthMax })),
    }),
    responses: { 204: null },
  },
  "GET /api/guts/repos/{owner}/{repo}/protection/explain": {
    operationId: "protection/explain",
    summary: "Which rule governs a ref, and what the viewer lacks to change it",
    access: "signed-in",
    query: Type.Object({ ref: Type.String({ minLength: 1, maxLength: 255 }) }),
    responses: { 200: RefExplanation },
  },
});
