/** The fields of `--json`, by what they describe. Help, completion and the commands read them here. */
export const repositoryFields = [
  "id",
  "name",
  "nameWithOwner",
  "owner",
  "description",
  "visibility",
  "isPrivate",
  "isArchived",
  "defaultBranch",
  "stargazerCount",
  "topics",
  "viewerPermission",
  "url",
  "cloneUrl",
  "createdAt",
  "updatedAt",
  "pushedAt",
] as const;

export const accessFields = ["login", "permission", "decidedBy", "reasons"] as const;

export const organizationFields = ["login", "description", "url"] as const;

export const organizationViewFields = [
  "login",
  "name",
  "description",
  "location",
  "website",
  "basePermission",
  "repositoryCreation",
  "publicRepositoryCount",
  "url",
  "createdAt",
] as const;

export const memberFields = ["login", "role", "url"] as const;

export const organizationInvitationFields = [
  "organization",
  "login",
  "role",
  "inviter",
  "teamCount",
  "createdAt",
] as const;

export const issueFields = [
  "number",
  "title",
  "body",
  "state",
  "stateReason",
  "author",
  "labels",
  "assignees",
  "milestone",
  "comments",
  "isLocked",
  "createdAt",
  "updatedAt",
  "closedAt",
  "url",
] as const;

export const labelFields = ["name", "color", "description"] as const;

export const milestoneFields = [
  "number",
  "title",
  "description",
  "state",
  "openIssues",
  "closedIssues",
  "dueOn",
  "url",
] as const;

export const teamFields = ["organization", "slug", "name", "description", "privacy", "parent", "url"] as const;

export const teamViewFields = [...teamFields, "memberCount", "repositoryCount", "createdAt"] as const;

export const teamMemberFields = ["login", "role", "url"] as const;

export const teamRepositoryFields = ["repository", "role", "url"] as const;

export const protectionFields = [
  "number",
  "target",
  "pattern",
  "settings",
  "setBy",
  "createdAt",
  "updatedAt",
  "governs",
] as const;

export const collaboratorFields = ["login", "permission", "url"] as const;

export const invitationFields = ["id", "repository", "inviter", "permission", "createdAt"] as const;

export const keyFields = ["publicKey", "fingerprint", "role", "label", "addedAt"] as const;

export const tokenFields = [
  "id",
  "label",
  "kind",
  "nodes",
  "vouchedBy",
  "scopes",
  "restriction",
  "createdAt",
  "expiresAt",
  "lastUsedAt",
  "isCurrent",
] as const;

export const gpgKeyFields = ["id", "keyId", "title", "emails", "isRevoked", "createdAt", "expiresAt"] as const;

export const deployKeyFields = [
  "id",
  "title",
  "key",
  "fingerprint",
  "readOnly",
  "addedBy",
  "createdAt",
  "lastUsedAt",
] as const;

export const sshKeyFields = ["id", "title", "key", "fingerprint", "createdAt", "lastUsedAt"] as const;

export const statusFields = ["host", "login", "isDefault", "tokenSource", "isSignedIn", "problem", "scopes"] as const;

export const networkNodeFields = [
  "nodeId",
  "name",
  "url",
  "isValidator",
  "isSelf",
  "isConnected",
  "height",
  "lag",
  "version",
  "rttMs",
  "lastSeenAt",
] as const;

export const networkFields = [
  "networkId",
  "name",
  "rulesVersion",
  "height",
  "time",
  "registration",
  "nodeId",
  "addresses",
  "quorum",
  "sync",
  "consensus",
  "nodes",
] as const;

export const blockFields = ["height", "id", "time", "transactionCount", "proposer", "deeds"] as const;

export const budgetFields = ["left", "rule", "isUsual", "suspension"] as const;

export const networkInvitationFields = [
  "key",
  "invitedBy",
  "createdAt",
  "expiresAt",
  "uses",
  "usesLeft",
  "isForClosed",
] as const;

export const auditFields = [
  "created_at",
  "action",
  "actor",
  "actor_id",
  "user",
  "org",
  "repo",
  "team",
  "node",
  "about",
  "reason",
  "height",
  "index",
  "sequence",
  "_document_id",
] as const;

export const verifiedActFields = [
  "transaction",
  "action",
  "actor_id",
  "user_id",
  "repo_id",
  "node_id",
  "about",
  "reason",
  "height",
  "created_at",
  "signers",
  "validators",
  "network",
] as const;

export const administeredAccountFields = [
  "id",
  "handle",
  "name",
  "isOrganization",
  "isAdministrator",
  "createdAt",
  "suspension",
  "isUsual",
] as const;

export const nodeBudgetFields = ["left", "rule", "isUsual"] as const;

export const verifiedLogFields = [
  "created_at",
  "action",
  "actor_id",
  "user_id",
  "repo_id",
  "about",
  "reason",
  "height",
  "sequence",
  "transaction",
] as const;
