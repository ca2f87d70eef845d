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
  "viewerPermission",
  "url",
  "cloneUrl",
  "createdAt",
  "updatedAt",
  "pushedAt",
] as const;

export const collaboratorFields = ["login", "permission", "url"] as const;

export const invitationFields = ["id", "repository", "inviter", "permission", "createdAt"] as const;

export const keyFields = ["publicKey", "fingerprint", "role", "label", "addedAt"] as const;

export const tokenFields = [
  "id",
  "label",
  "kind",
  "scopes",
  "createdAt",
  "expiresAt",
  "lastUsedAt",
  "isCurrent",
] as const;

export const statusFields = ["host", "login", "isDefault", "tokenSource", "isSignedIn", "problem", "scopes"] as const;
