/**
 * Whom every route of the API serves, and a request that succeeds for them. A route without a line here does not compile.
 *
 * A line says `anybody`, `signedIn` with the scope that it asks of a token, `administrator` of the network, or who must stand in the repository:
 * `reads("read")`, `administers("admin")`. `access.test.ts` asks each route on behalf of every caller.
 */
import type { ApiRouteName } from "@guts/api";
import { publicKeyOf, toHex } from "@guts/primitives";

import {
  administers,
  administrator,
  anybody,
  reads,
  readsAdministration,
  readsContents,
  removesPeople,
  signedIn,
  standing,
  whoever,
  writes,
  type AccessCase,
} from "./access-case.fixture.ts";
import { pullCases } from "./access-pull-cases.fixture.ts";
import { contentWriteCases } from "./access-content-cases.fixture.ts";
import { issueCases } from "./access-issue-cases.fixture.ts";
import { organizationCases } from "./access-organization-cases.fixture.ts";
import { protectionCases } from "./access-protection-cases.fixture.ts";
import { standingCases } from "./access-standing-cases.fixture.ts";
import {
  deviceCode,
  givenInvitation,
  otherRegistration,
  drawnBranch,
  followedByCaller,
  newEmail,
  ownAvatar,
  ownEmail,
  pictured,
  expendableAccount,
  invitationToCaller,
  newestTransaction,
  newPasskey,
  openInvitation,
  newGpgKey,
  ownDeployKey,
  ownGpgKey,
  ownLog,
  ownPasskey,
  ownSignUp,
  ownSigningKey,
  ownSshKey,
  ownToken,
  passkeyAssertion,
  plainRule,
  protectedBranch,
  signedProfile,
  signedRecovery,
  someCollaborator,
  suspendedAccount,
  transferToCaller,
  widerBudget,
  widerNodeBudget,
  signedUser,
} from "./access-requests.fixture.ts";
import { homePassword } from "./access-standing.fixture.ts";
import { drawKey, drawName, drawSeed } from "./drawn.fixture.ts";

export type { AccessCase, AccessRequest, Need, Prepare, RepositoryAct } from "./access-case.fixture.ts";

/** A line for every route. */
export const accessCases: Readonly<Record<ApiRouteName, AccessCase>> = {
  "GET /api/v3/": anybody(),
  "GET /api/v3/meta": anybody(),
  "GET /api/v3/rate_limit": anybody(),
  "GET /api/v3/user": whoever(),
  "GET /api/v3/user/emails": signedIn("user"),
  "GET /api/v3/user/public_emails": signedIn("user"),
  "POST /api/v3/user/emails": signedIn("user", newEmail),
  "DELETE /api/v3/user/emails": signedIn("user", ownEmail),
  "PUT /api/guts/emails/primary": signedIn("user", async (at) => {
    const { body } = await ownEmail(at);
    return { body: { email: body.emails[0] } };
  }),
  "PATCH /api/v3/user/email/visibility": signedIn("user", async (at) => {
    await ownEmail(at);
    return { body: { visibility: "public" } };
  }),
  "PUT /api/guts/accounts/{handle}/avatar": signedIn("user", ownAvatar),
  "DELETE /api/guts/accounts/{handle}/avatar": signedIn("user", pictured),
  "PATCH /api/v3/user": signedIn("user", () => ({ body: { bio: "here" } })),
  "GET /api/v3/user/followers": signedIn(),
  "GET /api/v3/user/following": signedIn(),
  "GET /api/v3/user/following/{username}": signedIn(undefined, followedByCaller),
  "PUT /api/v3/user/following/{username}": signedIn("user", ({ world }) => ({
    path: { username: world.bystander.handle },
  })),
  "DELETE /api/v3/user/following/{username}": signedIn("user", ({ world }) => ({
    path: { username: world.bystander.handle },
  })),
  "GET /api/v3/users/{username}/followers": anybody(({ world }) => ({ path: { username: world.owner.handle } })),
  "GET /api/v3/users/{username}/following": anybody(({ world }) => ({ path: { username: world.owner.handle } })),
  "GET /api/v3/users/{username}/following/{target_user}": anybody(async (at) => {
    const { world } = at;
    await world.owner.client.call("PUT /api/v3/user/following/{username}", {
      path: { username: world.bystander.handle },
    });
    return { path: { username: world.owner.handle, target_user: world.bystander.handle } };
  }),
  "GET /api/v3/users": anybody(),
  "GET /api/v3/users/{username}": anybody(({ world }) => ({ path: { username: world.owner.handle } })),
  "GET /api/v3/users/{username}/repos": anybody(({ world }) => ({ path: { username: world.owner.handle } })),
  "GET /api/v3/user/repos": whoever(),
  "POST /api/v3/user/repos": signedIn("public_repo", () => ({ body: { name: drawName() } })),
  "GET /api/v3/repositories": anybody(),
  "GET /api/v3/users/{username}/keys": anybody(({ world }) => ({ path: { username: world.owner.handle } })),
  "GET /api/v3/user/keys": signedIn("read:public_key"),
  "POST /api/v3/user/keys": signedIn("write:public_key", () => ({ body: { key: drawKey() } })),
  "GET /api/v3/user/keys/{key_id}": signedIn("read:public_key", ownSshKey),
  "DELETE /api/v3/user/keys/{key_id}": signedIn("admin:public_key", ownSshKey),
  "GET /api/v3/repos/{owner}/{repo}/keys": readsAdministration("admin"),
  "POST /api/v3/repos/{owner}/{repo}/keys": administers("admin", () => ({ body: { key: drawKey() } })),
  "GET /api/v3/repos/{owner}/{repo}/keys/{key_id}": readsAdministration("admin", ownDeployKey),
  "DELETE /api/v3/repos/{owner}/{repo}/keys/{key_id}": administers("admin", ownDeployKey),
  "GET /api/v3/users/{username}/ssh_signing_keys": anybody(({ world }) => ({
    path: { username: world.owner.handle },
  })),
  "GET /api/v3/user/ssh_signing_keys": signedIn("admin:ssh_signing_key"),
  "POST /api/v3/user/ssh_signing_keys": signedIn("admin:ssh_signing_key", () => ({ body: { key: drawKey() } })),
  "GET /api/v3/user/ssh_signing_keys/{ssh_signing_key_id}": signedIn("admin:ssh_signing_key", ownSigningKey),
  "DELETE /api/v3/user/ssh_signing_keys/{ssh_signing_key_id}": signedIn("admin:ssh_signing_key", ownSigningKey),
  "GET /api/v3/users/{username}/gpg_keys": anybody(({ world }) => ({ path: { username: world.owner.handle } })),
  "GET /api/v3/user/gpg_keys": signedIn("read:gpg_key"),
  "POST /api/v3/user/gpg_keys": signedIn("write:gpg_key", newGpgKey),
  "GET /api/v3/user/gpg_keys/{gpg_key_id}": signedIn("read:gpg_key", ownGpgKey),
  "DELETE /api/v3/user/gpg_keys/{gpg_key_id}": signedIn("admin:gpg_key", ownGpgKey),
  "GET /api/v3/user/repository_invitations": signedIn(),
  "PATCH /api/v3/user/repository_invitations/{invitation_id}": signedIn("repo", invitationToCaller),
  "DELETE /api/v3/user/repository_invitations/{invitation_id}": signedIn("repo", invitationToCaller),

  ...issueCases,
  ...organizationCases,
  ...protectionCases,
  ...standingCases,
  "GET /api/guts/repos/{owner}/{repo}/access/{username}": readsAdministration("admin", ({ world }) => ({
    path: { username: world.bystander.handle },
  })),

  "GET /api/v3/repos/{owner}/{repo}": reads("read"),
  "PATCH /api/v3/repos/{owner}/{repo}": administers("maintain", () => ({ body: { description: "described" } })),
  "DELETE /api/v3/repos/{owner}/{repo}": { ...standing("delete")("admin"), spends: "repository" },
  "POST /api/v3/repos/{owner}/{repo}/transfer": {
    ...administers("owner", ({ world }) => ({ body: { new_owner: world.bystander.handle } })),
    spends: "repository",
  },
  "GET /api/v3/repos/{owner}/{repo}/collaborators": writes("write"),
  "GET /api/v3/repos/{owner}/{repo}/collaborators/{username}": writes("write", someCollaborator),
  "PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}": administers("admin", ({ world }) => ({
    path: { username: world.bystander.handle },
    body: { permission: "pull" },
  })),
  "DELETE /api/v3/repos/{owner}/{repo}/collaborators/{username}": removesPeople("admin", async ({ world, target }) => {
    await world.invite(target, world.bystander, "pull");
    return { path: { username: world.bystander.handle } };
  }),
  "GET /api/v3/repos/{owner}/{repo}/collaborators/{username}/permission": writes("write", someCollaborator),
  "GET /api/v3/repos/{owner}/{repo}/teams": writes("write"),
  "GET /api/v3/repos/{owner}/{repo}/invitations": readsAdministration("admin"),
  "PATCH /api/v3/repos/{owner}/{repo}/invitations/{invitation_id}": administers("admin", async (at) => ({
    ...(await openInvitation(at)),
    body: { permissions: "write" },
  })),
  "DELETE /api/v3/repos/{owner}/{repo}/invitations/{invitation_id}": removesPeople("admin", openInvitation),
  "GET /api/v3/repos/{owner}/{repo}/branches": readsContents("read"),
  "GET /api/v3/repos/{owner}/{repo}/branches/{+branch}": readsContents("read", () => ({ path: { branch: "topic" } })),
  "GET /api/v3/repos/{owner}/{repo}/tags": readsContents("read"),
  "GET /api/v3/repos/{owner}/{repo}/commits": readsContents("read"),
  "GET /api/v3/repos/{owner}/{repo}/commits/{+ref}": readsContents("read", ({ ids }) => ({
    path: { ref: ids.commit },
  })),
  "GET /api/v3/repos/{owner}/{repo}/contents": readsContents("read"),
  "GET /api/v3/repos/{owner}/{repo}/contents/{+path}": readsContents("read", () => ({ path: { path: "README.md" } })),
  "GET /api/v3/repos/{owner}/{repo}/readme": readsContents("read"),
  "GET /api/v3/repos/{owner}/{repo}/readme/{+dir}": readsContents("read", () => ({ path: { dir: "docs" } })),
  "GET /api/v3/repos/{owner}/{repo}/compare/{+basehead}": readsContents("read", () => ({
    path: { basehead: "main...topic" },
  })),
  "GET /api/v3/repos/{owner}/{repo}/git/ref/{+ref}": readsContents("read", () => ({ path: { ref: "heads/main" } })),
  "GET /api/v3/repos/{owner}/{repo}/git/matching-refs/{+ref}": readsContents("read", () => ({
    path: { ref: "heads/" },
  })),
  "GET /api/v3/repos/{owner}/{repo}/git/trees/{+tree_sha}": readsContents("read", () => ({
    path: { tree_sha: "main" },
  })),
  "GET /api/v3/repos/{owner}/{repo}/git/blobs/{file_sha}": readsContents("read", ({ ids }) => ({
    path: { file_sha: ids.blob },
  })),
  "GET /api/v3/repos/{owner}/{repo}/git/commits/{commit_sha}": readsContents("read", ({ ids }) => ({
    path: { commit_sha: ids.commit },
  })),
  "GET /api/v3/repos/{owner}/{repo}/git/tags/{tag_sha}": readsContents("read", ({ ids }) => ({
    path: { tag_sha: ids.tag },
  })),
  "GET /api/v3/repos/{owner}/{repo}/rules/branches/{+branch}": reads("read", () => ({ path: { branch: "main" } })),
  "GET /api/v3/repos/{owner}/{repo}/codeowners/errors": readsContents("read"),
  ...contentWriteCases,
  "GET /api/v3/repos/{owner}/{repo}/tarball": readsContents("read"),
  "GET /api/v3/repos/{owner}/{repo}/tarball/{+ref}": readsContents("read", () => ({ path: { ref: "main" } })),
  "GET /api/v3/repos/{owner}/{repo}/zipball": readsContents("read"),
  "GET /api/v3/repos/{owner}/{repo}/zipball/{+ref}": readsContents("read", () => ({ path: { ref: "main" } })),
  "GET /api/guts/view/repos/{owner}/{repo}/blame/{+ref_path}": readsContents("read", () => ({
    path: { ref_path: "main/README.md" },
  })),
  "GET /api/guts/view/repos/{owner}/{repo}/compare/{+range}": readsContents("read", () => ({
    path: { range: "main...topic" },
  })),
  ...pullCases,
  "POST /api/v3/repos/{owner}/{repo}/git/refs": writes("write", ({ ids }) => ({
    body: { ref: `refs/heads/${drawName()}`, sha: ids.commit },
  })),
  "PATCH /api/v3/repos/{owner}/{repo}/git/refs/{+ref}": writes("write", async (at) => ({
    ...(await drawnBranch(at)),
    body: { sha: at.ids.commit },
  })),
  "DELETE /api/v3/repos/{owner}/{repo}/git/refs/{+ref}": writes("write", drawnBranch),
  "GET /api/guts/repos/{owner}/{repo}/protection": reads("read"),
  "PUT /api/guts/repos/{owner}/{repo}/protection": administers("admin", () => ({ body: plainRule })),
  "DELETE /api/guts/repos/{owner}/{repo}/protection": administers("admin", async (at) => {
    await protectedBranch(at);
    return { query: { target: "branch", pattern: "main" } };
  }),
  "GET /api/guts/repos/{owner}/{repo}/protection/explain": reads("read", () => ({ query: { ref: "main" } })),

  "GET /api/guts/network": anybody(),
  "GET /api/guts/genesis": anybody(),
  "GET /api/guts/validators": anybody(),
  "GET /api/guts/status": anybody(),
  "GET /api/guts/blocks": anybody(),
  "GET /api/guts/blocks/{height}": anybody(({ world }) => ({ path: { height: String(world.node.ledger.height()) } })),
  "GET /api/guts/transactions/{id}": anybody(({ world }) => ({ path: { id: newestTransaction(world) } })),
  "POST /api/guts/transactions": anybody(({ world }) => ({ body: { envelope: signedProfile(world) } })),
  "POST /api/guts/signup": anybody(({ world }) => ({
    body: { ...world.node.accountStatement(drawName(), drawSeed()), session: "token" },
  })),
  "POST /api/guts/signin": anybody(({ world }) => ({
    body: { login: world.home.handle, password: homePassword, session: "token" },
  })),
  "POST /api/guts/recover": anybody(({ world }) => ({
    body: { ...signedRecovery(world), password: homePassword, session: "token" },
  })),
  "POST /api/guts/signout": { need: { who: "anybody" }, spends: "token" },
  "GET /api/guts/session": anybody(),
  "GET /api/guts/tokens": signedIn(),
  "POST /api/guts/tokens": signedIn("admin:credentials", () => ({ body: { label: "new", scopes: ["user"] } })),
  "POST /api/guts/tokens/fine-grained": signedIn("admin:credentials", () => ({
    body: { label: "new", permissions: {} },
  })),
  "DELETE /api/guts/tokens/{id}": signedIn("admin:credentials", ownToken),
  "GET /api/guts/keys": signedIn(),
  "GET /api/guts/accounts/{handle}/keys": anybody(({ world }) => ({ path: { handle: world.owner.handle } })),
  "GET /api/guts/devices/{code}": signedIn(undefined, deviceCode),
  "POST /api/guts/devices/{code}": signedIn(undefined, async (at) => ({
    ...(await deviceCode(at)),
    body: { decision: "deny" },
  })),
  "POST /api/guts/passkeys/challenges": anybody(() => ({ body: { purpose: "sign-in" } })),
  "POST /api/guts/signin/passkey": anybody(passkeyAssertion),
  "POST /api/guts/visits/requests": anybody(({ world }) => ({ body: { login: world.home.handle } })),
  "GET /api/guts/visits/{node_id}": signedIn("admin:credentials", ({ world }) => ({
    path: { node_id: world.other.id },
  })),
  "POST /api/guts/visits": signedIn("admin:credentials", ({ world }) => ({
    body: { nodeId: world.other.id, request: world.other.newRequest() },
  })),
  "POST /api/guts/signin/visit": anybody(async ({ world }) => ({
    body: { ...(await world.other.vouch(world.home)), session: "token" },
  })),
  "GET /api/guts/passkeys": signedIn(),
  "POST /api/guts/passkeys": signedIn("admin:credentials", async (at) => ({ body: await newPasskey(at) })),
  "PATCH /api/guts/passkeys/{id}": signedIn("admin:credentials", async (at) => ({
    ...(await ownPasskey(at)),
    body: { name: "renamed" },
  })),
  "DELETE /api/guts/passkeys/{id}": signedIn("admin:credentials", ownPasskey),
  "PUT /api/v3/users/{username}/suspended": administrator(async (at) => ({
    ...(await expendableAccount(at)),
    body: {},
  })),
  "DELETE /api/v3/users/{username}/suspended": administrator(suspendedAccount),
  "GET /api/guts/accounts/{handle}/standing": signedIn(undefined, ({ world, caller }) => ({
    path: { handle: (caller.account ?? world.bystander).handle },
  })),
  "PUT /api/guts/accounts/{handle}/budget": administrator(widerBudget),
  "GET /api/guts/accounts": administrator(() => ({})),
  "GET /api/guts/accounts/{handle}": administrator(({ world }) => ({ path: { handle: world.bystander.handle } })),
  "GET /api/guts/nodes/{node_id}/standing": administrator(({ world }) => ({
    path: { node_id: world.node.ledger.nodeId },
  })),
  "PUT /api/guts/nodes/{node_id}/budget": administrator(widerNodeBudget),
  "POST /api/v3/admin/users": administrator(signedUser),
  "GET /api/guts/invitations": administrator(() => ({})),
  "POST /api/guts/invitations": administrator(() => ({ body: { key: toHex(publicKeyOf(drawSeed())) } })),
  "DELETE /api/guts/invitations/{key}": administrator(givenInvitation),
  "PUT /api/guts/registration": administrator(otherRegistration),
  "GET /api/guts/audit-log": administrator(() => ({})),
  "GET /api/guts/security-log": signedIn("read:audit_log"),
  "GET /api/guts/repos/{owner}/{repo}/audit-log": administers("admin"),
  "GET /api/guts/audit-actions": anybody(),
  "GET /api/guts/event-logs/{type}/{id}": signedIn("read:audit_log", ownLog),
  "GET /api/guts/event-logs/{type}/{id}/proof": signedIn("read:audit_log", ownLog),
  "GET /api/guts/audit-log/{id}": signedIn("read:audit_log", ownSignUp),
  "GET /api/guts/audit-log/{id}/proof": signedIn("read:audit_log", ownSignUp),
  "GET /api/guts/transfers": signedIn(),
  "PUT /api/guts/transfers/{repository_id}": signedIn("repo", transferToCaller),
  "DELETE /api/guts/transfers/{repository_id}": signedIn("repo", transferToCaller),
  "GET /api/guts/delegations": signedIn(),
  "GET /api/guts/view/home": anybody(),
  "GET /api/guts/view/accounts/{handle}": anybody(({ world }) => ({ path: { handle: world.owner.handle } })),
  "GET /api/guts/view/accounts/{handle}/follows": anybody(({ world }) => ({
    path: { handle: world.owner.handle },
    query: { list: "followers" },
  })),
  "GET /api/guts/view/repos/{owner}/{repo}": reads("read"),
  "GET /api/guts/view/repos/{owner}/{repo}/grants": administers("admin"),
  "GET /api/guts/view/repos/{owner}/{repo}/collaborators": administers("admin"),
  "GET /api/guts/view/repos/{owner}/{repo}/refs": readsContents("read", () => ({ query: { kind: "heads" } })),
  "GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}": readsContents("read", () => ({
    path: { ref_path: "main" },
  })),
  "GET /api/guts/view/repos/{owner}/{repo}/last-commits/{+ref_path}": readsContents("read", () => ({
    path: { ref_path: "main" },
  })),
  "GET /api/guts/view/repos/{owner}/{repo}/blob/{+ref_path}": readsContents("read", () => ({
    path: { ref_path: "main/README.md" },
  })),
  "GET /api/guts/view/repos/{owner}/{repo}/commits/{+ref_path}": readsContents("read", () => ({
    path: { ref_path: "main" },
  })),
  "GET /api/guts/view/repos/{owner}/{repo}/commit/{sha}": readsContents("read", ({ ids }) => ({
    path: { sha: ids.commit },
  })),
};
