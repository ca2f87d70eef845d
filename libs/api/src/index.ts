export { ApiError, type ApiErrorCode, type ApiErrorData } from "./api-error.ts";
export {
  createClient,
  type ApiAnswer,
  type ApiClient,
  type CallOptions,
  type ClientOptions,
  type ItemOf,
} from "./client.ts";
export { ErrorBody, FieldError } from "./errors.ts";
export { RefCreation, RefUpdateBody } from "./github/branch-routes.ts";
export * from "./github/collaborators.ts";
export * from "./github/commits.ts";
export { CommitComparison } from "./github/comparisons.ts";
export * from "./github/contents.ts";
export * from "./github/git-data.ts";
export { FileCommit, FileDeletion, FileWrite, NamedPerson, TreeCreation } from "./github/git-write-routes.ts";
export * from "./github/keys.ts";
export * from "./github/meta.ts";
export * from "./github/organizations.ts";
export * from "./github/protection.ts";
export * from "./github/repositories.ts";
export { githubRoutes } from "./github/routes.ts";
export { GpgKey, GpgKeyCreation, SshSigningKey, SshSigningKeyCreation } from "./github/signing-keys.ts";
export { ForkCreation, RepositorySubscription, SubscriptionRequest, Topics } from "./github/standing-routes.ts";
export { CombinedStatus, CommitStatus, StatusCreation } from "./github/statuses.ts";
export * from "./github/issues.ts";
export * from "./github/teams.ts";
export * from "./github/emails.ts";
export * from "./github/users.ts";
export * from "./guts/account-views.ts";
export { AccessReason, RepositoryAccess } from "./guts/access.ts";
export * from "./guts/administration.ts";
export { AuditEntry, AuditQuery } from "./guts/audit.ts";
export * from "./guts/devices.ts";
export * from "./guts/fine-grained.ts";
export * from "./guts/identity.ts";
export * from "./guts/network.ts";
export * from "./guts/organization-views.ts";
export * from "./guts/protection.ts";
export { NetworkInvitation, NetworkInvitationCreation, RegistrationChange } from "./guts/registration.ts";
export { gutsRoutes } from "./guts/routes.ts";
export * from "./guts/passkeys.ts";
export * from "./guts/visits.ts";
export * from "./guts/views.ts";
export { formatLinkHeader, parseLinkHeader, type Links } from "./link-header.ts";
export { buildOpenApi, type OpenApiDocument } from "./openapi.ts";
export { PageQuery, perPageDefault, perPageMax, SinceQuery } from "./pagination.ts";
export {
  defineRoutes,
  type Method,
  type ParameterNames,
  type PathParameters,
  type Route,
  type RouteInput,
  type RouteName,
  type RouteOutput,
} from "./route.ts";
export { routes, type ApiInput, type ApiOutput, type ApiRouteName, type Routes } from "./routes.ts";
export { expandTemplate, UriTemplateError } from "./uri-template.ts";
export { BlameView, CompareView } from "./guts/code-views.ts";
export { CommittedFile, FilesCommitRequest, FilesCommitted } from "./guts/commits.ts";
export { committedFilesMax, fileBytesMax } from "./limits.ts";
export type { PullMergeRequest, PullMergeResult } from "./github/pulls.ts";
export type { MergeBox } from "./guts/merge-box.ts";
