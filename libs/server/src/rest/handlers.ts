import type { RouteHandlers } from "../http/call.ts";
import type { Services } from "../services.ts";
import { accountHandlers } from "./github/account-handlers.ts";
import { codeownersHandlers } from "./github/codeowners-handlers.ts";
import { emailHandlers } from "./github/email-handlers.ts";
import { commentHandlers } from "./github/comment-handlers.ts";
import { issueHandlers } from "./github/issue-handlers.ts";
import { labelHandlers } from "./github/label-handlers.ts";
import { milestoneHandlers } from "./github/milestone-handlers.ts";
import { reactionHandlers } from "./github/reaction-handlers.ts";
import { followHandlers } from "./github/follow-handlers.ts";
import { archiveHandlers } from "./github/archive-handlers.ts";
import { codeViewHandlers } from "./guts/code-view-handlers.ts";
import { compareHandlers } from "./github/compare-handlers.ts";
import { contentHandlers } from "./github/content-handlers.ts";
import { standingHandlers } from "./github/standing-handlers.ts";
import { contentWriteHandlers } from "./github/content-write-handlers.ts";
import { objectWriteHandlers } from "./github/object-write-handlers.ts";
import { commitHandlers } from "./guts/commit-handlers.ts";
import { forkHandlers } from "./github/fork-handlers.ts";
import { statusHandlers } from "./github/status-handlers.ts";
import { gitHandlers } from "./github/git-handlers.ts";
import { keyHandlers } from "./github/key-handlers.ts";
import { signingKeyHandlers } from "./github/signing-key-handlers.ts";
import { metaHandlers } from "./github/meta-handlers.ts";
import { pullMergeHandlers } from "./github/pull-merge-handlers.ts";
import { mergeBoxHandlers } from "./guts/merge-box-handlers.ts";
import { protectionHandlers } from "./github/protection-handlers.ts";
import { refHandlers } from "./github/ref-handlers.ts";
import { memberHandlers } from "./github/member-handlers.ts";
import { restrictionHandlers } from "./github/restriction-handlers.ts";
import { branchRenameHandlers } from "./github/branch-rename-handlers.ts";
import { organizationHandlers } from "./github/organization-handlers.ts";
import { organizationInvitationHandlers } from "./github/organization-invitation-handlers.ts";
import { teamAccessHandlers } from "./github/team-access-handlers.ts";
import { teamHandlers } from "./github/team-handlers.ts";
import { accessHandlers } from "./guts/access-handlers.ts";
import { repositoryHandlers } from "./github/repository-handlers.ts";
import { identityHandlers } from "./guts/identity-handlers.ts";
import { administrationHandlers } from "./guts/administration-handlers.ts";
import { auditHandlers } from "./guts/audit-handlers.ts";
import { deviceHandlers } from "./guts/device-handlers.ts";
import { passkeyHandlers } from "./guts/passkey-handlers.ts";
import { visitHandlers } from "./guts/visit-handlers.ts";
import { registrationHandlers } from "./guts/registration-handlers.ts";
import { transferHandlers } from "./guts/transfer-handlers.ts";
import { gutsProtectionHandlers } from "./guts/protection-handlers.ts";
import { networkHandlers } from "./guts/network-handlers.ts";
import { grantViewHandlers } from "./guts/grant-view-handlers.ts";
import { organizationViewHandlers } from "./guts/organization-view-handlers.ts";
import { teamViewHandlers } from "./guts/team-view-handlers.ts";
import { accountViewHandlers } from "./guts/account-view-handlers.ts";
import { viewHandlers } from "./guts/view-handlers.ts";

/** A handler for every route of the API. */
export function createHandlers(services: Services): RouteHandlers {
  return {
    ...metaHandlers(services),
    ...accountHandlers(services),
    ...followHandlers(services),
    ...emailHandlers(services),
    ...standingHandlers(services),
    ...statusHandlers(services),
    ...forkHandlers(services),
    ...repositoryHandlers(services),
    ...issueHandlers(services),
    ...commentHandlers(services),
    ...labelHandlers(services),
    ...milestoneHandlers(services),
    ...reactionHandlers(services),
    ...organizationHandlers(services),
    ...memberHandlers(services),
    ...organizationInvitationHandlers(services),
    ...teamHandlers(services),
    ...teamAccessHandlers(services),
    ...accessHandlers(services),
    ...gitHandlers(services),
    ...contentHandlers(services),
    ...compareHandlers(services),
    ...archiveHandlers(services),
    ...codeViewHandlers(services),
    ...contentWriteHandlers(services),
    ...objectWriteHandlers(services),
    ...commitHandlers(services),
    ...pullMergeHandlers(services),
    ...mergeBoxHandlers(services),
    ...protectionHandlers(services),
    ...refHandlers(services),
    ...restrictionHandlers(services),
    ...branchRenameHandlers(services),
    ...codeownersHandlers(services),
    ...keyHandlers(services),
    ...signingKeyHandlers(services),
    ...networkHandlers(services),
    ...identityHandlers(services),
    ...administrationHandlers(services),
    ...auditHandlers(services),
    ...registrationHandlers(services),
    ...deviceHandlers(services),
    ...passkeyHandlers(services),
    ...visitHandlers(services),
    ...transferHandlers(services),
    ...viewHandlers(services),
    ...accountViewHandlers(services),
    ...organizationViewHandlers(services),
    ...teamViewHandlers(services),
    ...grantViewHandlers(services),
    ...gutsProtectionHandlers(services),
  };
}
