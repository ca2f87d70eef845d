export { isAssignable } from "./issue-access.ts";
export { refuseNetworkAudit, refuseSecurityLog, type AuditRefusal } from "./audit-access.ts";
export {
  refuseAuthority,
  type Authority,
  type AuthorityRefusal,
  type AuthorityRule,
  type KeyRole,
  type PushSigner,
} from "./authority.ts";
export {
  refuseAdministration,
  refuseBudgetRule,
  smallestBudgetRule,
  type AdministrationFacts,
} from "./administration.ts";
export {
  accountBudgetRule,
  chargeBudget,
  fullBudget,
  nodeBudgetRule,
  refillBudget,
  type Budget,
  type BudgetAmounts,
  type BudgetRule,
} from "./budget.ts";
export { refuseCredential, type CredentialRefusal, type CredentialTerms } from "./credential.ts";
export {
  allScopes,
  isForVisits,
  impliedScopes,
  parseScope,
  scopeBits,
  scopeNames,
  scopeNeeds,
  scopesAllow,
  scopesCover,
  scopesForVisit,
  scopeSet,
  scopesThatAllow,
  visitScopes,
  shortestScopeNames,
  type Scope,
  type ScopeNeed,
  type ScopeSet,
} from "./scope.ts";
export {
  creationOf,
  refuseOrganizationAction,
  refuseTeamAction,
  type BasePermission,
  type MemberRepositoryCreation,
  type OrganizationAccess,
  type OrganizationAction,
  type OrganizationRefusal,
  type OrganizationRole,
  type TeamAccess,
  type TeamAction,
  type TeamPrivacy,
  type TeamRefusal,
  type TeamRole,
} from "./organization-access.ts";
export {
  grantsOwnership,
  resolvePermission,
  type PermissionGrant,
  type ResolvedPermission,
} from "./permission-grant.ts";
export {
  comparePermissions,
  permits,
  repositoryRoles,
  type Permission,
  type RepositoryRole,
  type Visibility,
} from "./permission.ts";
export {
  isPublicRef,
  isVisibleRef,
  refuseRefUpdate,
  type RefUpdateKind,
  type RefUpdateRefusal,
  type RefUpdateRequest,
} from "./ref-update-policy.ts";
export {
  areaNeedOf,
  deployKeyPowers,
  isAccountWide,
  powersOn,
  reachesAllOf,
  repositoryPowersAllow,
  sshKeyPowers,
  type AreaLevel,
  type AreaNeed,
  type AreaPermissions,
  type CredentialPowers,
  type RepositoryPowers,
  type Restriction,
} from "./restriction.ts";
export { refuseRegistration, type Registration, type RegistrationFacts, type ShownInvitation } from "./registration.ts";
export {
  refuseRepositoryAction,
  type RepositoryAccess,
  type RepositoryAction,
  type RepositoryRefusal,
} from "./repository-access.ts";
export {
  decideRefUpdate,
  isExemptFrom,
  noReviews,
  type CheckFacts,
  type PullRequestFacts,
  type RefChangeFacts,
  type RequirementCode,
  type UnmetRequirement,
} from "./protection/decide-ref-update.ts";
export * as protectionLimits from "./protection/limits.ts";
export { actionsToRenameBranch } from "./protection/rename-branch.ts";
export {
  noActors,
  plainProtection,
  ProtectionRules,
  protectableRef,
  refuseProtection,
  type ChecksRequirement,
  type ProtectionActors,
  type ProtectionSettings,
  type ProtectionTarget,
  type PullRequestRequirement,
  type RuleHead,
} from "./protection/protection-rule.ts";
export { matchRefPattern, parseRefPattern, type MatchMeter, type RefPattern } from "./protection/ref-pattern.ts";
export { refusalLine, requirementWords, type RequirementWords } from "./protection/requirement-words.ts";
export {
  codeownersPaths,
  ownersOf,
  parseCodeowners,
  showLine,
  type CodeOwner,
  type Codeowners,
  type CodeownersError,
  type CodeownersRule,
} from "./codeowners/codeowners.ts";
export { codeownersBytesMax, codeownersErrorsMax } from "./codeowners/limits.ts";
