import { Type, type Static } from "typebox";

import { defineRoutes } from "../route.ts";
import { Nullable, OneOf } from "../schema.ts";

/** One reason for a permission; each would give its `permission` alone. */
export const AccessReason = Type.Object(
  {
    source: OneOf("owner", "organization-owner", "collaborator", "team", "organization-member", "public"),
    permission: OneOf("read", "triage", "write", "maintain", "admin"),
    /** The reason in a sentence. */
    text: Type.String(),
  },
  { title: "AccessReason" },
);
export type AccessReason = Static<typeof AccessReason>;

/** What somebody may do with a repository, and why. */
export const RepositoryAccess = Type.Object(
  {
    login: Type.String(),
    permission: OneOf("none", "read", "triage", "write", "maintain", "admin"),
    /** The strongest reason; null for `none`. */
    decidedBy: Nullable(AccessReason),
    /** Every reason, strongest first. */
    reasons: Type.Array(AccessReason),
  },
  { title: "RepositoryAccess" },
);
export type RepositoryAccess = Static<typeof RepositoryAccess>;

/** Why somebody may do what they may. */
export const accessRoutes = defineRoutes({
  "GET /api/guts/repos/{owner}/{repo}/access/{username}": {
    operationId: "guts/explain-access",
    summary: "What somebody may do with a repository, and which grants say so",
    access: "signed-in",
    responses: { 200: RepositoryAccess },
  },
});
