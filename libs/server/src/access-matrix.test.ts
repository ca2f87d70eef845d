/** Every door, asked by everybody: routes of the API, files as they are, and git. A route without a line here does not compile. */
import { randomBytes } from "node:crypto";

import { routes, type ApiRouteName } from "@guts/api";
import { parsePrivateSeed, publicKeyOf, sshBlobOf } from "@guts/primitives";
import type { Scope } from "@guts/governance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { gitDoors, type Door } from "./testing/git-doors.fixture.ts";
import { OrganizationRequests } from "./testing/organization-requests.fixture.ts";
import { createAuthenticator } from "./testing/authenticator.fixture.ts";
import {
  AccessWorld,
  holds,
  mayRead,
  secretWord,
  standsAt,
  type Caller,
  type GitIds,
  type Standing,
  type Target,
} from "./testing/access-world.fixture.ts";

type Visibility = Target["visibility"];

/** What a repository's route asks of the token beside the person's standing. */
type RepositoryAct = "read" | "write" | "administer" | "delete" | "answer";

/** Whom a route serves: anybody; who is signed in, with a scope; who stands in the repository. */
type Need =
  | { readonly who: "anybody" }
  | { readonly who: "signed-in"; readonly scope?: Scope }
  | { readonly who: "administrator" }
  | { readonly who: Standing; readonly act: RepositoryAct };

/** A request that succeeds for whom the route serves. */
interface Request {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface At {
  readonly caller: Caller;
  readonly target: Target;
  readonly ids: GitIds;
}

interface Case {
  readonly need: Need;
  readonly request?: (at: At) => Request | Promise<Request>;
  /** Whether the request ends the token that it carries. */
  readonly endsToken?: true;
}

let world: AccessWorld;
let filled: Readonly<Record<Visibility, Target & { readonly ids: GitIds }>>;

beforeAll(async () => {
  world = await AccessWorld.start();
  filled = { public: await world.createFilledTarget("public"), private: await world.createFilledTarget("private") };
}, 60_000);
afterAll(() => world?.[Symbol.asyncDispose]());

const anybody = (request?: Case["request"]): Case => ({ need: { who: "anybody" }, ...(request && { request }) });
const signedIn = (scope?: Scope, request?: Case["request"]): Case => ({
  need: { who: "signed-in", ...(scope && { scope }) },
  ...(request && { request }),
});
/** None of the callers administers the network. */
const administrator = (request: Case["request"]): Case => ({
  need: { who: "administrator" },
  ...(request && { request }),
});
const standing =
  (act: RepositoryAct) =>
  (who: Standing, request: Case["request"] = () => ({})): Case => ({ need: { who, act }, request });
const reads = standing("read");
const administers = standing("administer");

let drawn = 0;
const drawName = (): string => `drawn-${++drawn}`;
const organizations = new OrganizationRequests(() => world, drawName);
const ownOrganization =
  (body?: object): NonNullable<Case["request"]> =>
  async ({ caller }) => ({ path: { org: await organizations.own(caller) }, ...(body && { body }) });
const drawSeed = () => parsePrivateSeed(new Uint8Array(randomBytes(32)))!;

const cases: Readonly<Record<ApiRouteName, Case>> = {
  "GET /api/v3/": anybody(),
  "GET /api/v3/meta": anybody(),
  "GET /api/v3/rate_limit": anybody(),
  "GET /api/v3/user": signedIn(),
  "PATCH /api/v3/user": signedIn("user", () => ({ body: { bio: "here" } })),
  "GET /api/v3/users": anybody(),
  "GET /api/v3/users/{username}": anybody(() => ({ path: { username: world.owner.handle } })),
  "GET /api/v3/users/{username}/repos": anybody(() => ({ path: { username: world.owner.handle } })),
  "GET /api/v3/user/repos": signedIn(),
  "POST /api/v3/user/repos": signedIn("public_repo", () => ({ body: { name: drawName() } })),
  "GET /api/v3/repositories": anybody(),
  "GET /api/v3/users/{username}/keys": anybody(() => ({ path: { username: world.owner.handle } })),
  "GET /api/v3/user/keys": signedIn("read:public_key"),
  "POST /api/v3/user/keys": signedIn("write:public_key", () => ({ body: { key: drawKey() } })),
  "GET /api/v3/user/keys/{key_id}": signedIn("read:public_key", ownSshKey),
  "DELETE /api/v3/user/keys/{key_id}": signedIn("admin:public_key", ownSshKey),
  "GET /api/v3/repos/{owner}/{repo}/keys": administers("admin"),
  "POST /api/v3/repos/{owner}/{repo}/keys": administers("admin", () => ({ body: { key: drawKey() } })),
  "GET /api/v3/repos/{owner}/{repo}/keys/{key_id}": administers("admin", someDeployKey),
  "DELETE /api/v3/repos/{owner}/{repo}/keys/{key_id}": administers("admin", someDeployKey),
  "GET /api/v3/user/repository_invitations": signedIn(),
  "PATCH /api/v3/user/repository_invitations/{invitation_id}": signedIn("repo", invitationToCaller),
  "DELETE /api/v3/user/repository_invitations/{invitation_id}": signedIn("repo", invitationToCaller),

  "POST /api/v3/admin/organizations": signedIn("admin:org", () => ({ body: { login: drawName() } })),
  "GET /api/v3/user/orgs": signedIn(),
  "PATCH /api/v3/user/memberships/orgs/{org}": signedIn("write:org", async ({ caller }) => ({
    path: { org: await organizations.inviting(caller) },
    body: { state: "active" },
  })),
  "GET /api/v3/orgs/{org}": anybody(ownOrganization()),
  "PATCH /api/v3/orgs/{org}": signedIn("admin:org", ownOrganization({ description: "described" })),
  "GET /api/v3/orgs/{org}/repos": anybody(ownOrganization()),
  "POST /api/v3/orgs/{org}/repos": signedIn("public_repo", (at) => ownOrganization({ name: drawName() })(at)),
  "GET /api/v3/orgs/{org}/members": anybody(ownOrganization()),
  "GET /api/v3/orgs/{org}/memberships/{username}": signedIn("read:org", async ({ caller }) => ({
    path: await organizations.ownMembership(caller),
  })),
  "PUT /api/v3/orgs/{org}/memberships/{username}": signedIn("admin:org", async ({ caller }) => ({
    path: { org: await organizations.own(caller), username: world.home.handle },
    body: { role: "member" },
  })),
  "DELETE /api/v3/orgs/{org}/memberships/{username}": signedIn("admin:org", async ({ caller }) => ({
    path: await organizations.invited(caller),
  })),
  "GET /api/v3/orgs/{org}/teams": signedIn("read:org", ownOrganization()),
  "POST /api/v3/orgs/{org}/teams": signedIn("admin:org", (at) => ownOrganization({ name: drawName() })(at)),
  "PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": signedIn("admin:org", async ({ caller }) => ({
    path: { ...(await organizations.ownMembership(caller)), ...(await organizations.team(caller)) },
    body: { role: "maintainer" },
  })),
  // To see the team takes one scope, to administer the repository another: no token here with one scope has both.
  "PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": signedIn("gist", async ({ caller }) => ({
    path: { ...(await organizations.team(caller)), ...(await organizations.repository(caller)) },
    body: { permission: "push" },
  })),
  "GET /api/guts/repos/{owner}/{repo}/access/{username}": administers("admin", () => ({
    path: { username: world.bystander.handle },
  })),

  "GET /api/v3/repos/{owner}/{repo}": reads("read"),
  "PATCH /api/v3/repos/{owner}/{repo}": administers("maintain", () => ({ body: { description: "described" } })),
  "DELETE /api/v3/repos/{owner}/{repo}": standing("delete")("admin"),
  "POST /api/v3/repos/{owner}/{repo}/transfer": administers("owner", () => ({
    body: { new_owner: world.bystander.handle },
  })),
  "GET /api/v3/repos/{owner}/{repo}/collaborators": standing("write")("write"),
  "GET /api/v3/repos/{owner}/{repo}/collaborators/{username}": standing("write")("write", someCollaborator),
  "PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}": administers("admin", () => ({
    path: { username: world.bystander.handle },
    body: { permission: "pull" },
  })),
  "DELETE /api/v3/repos/{owner}/{repo}/collaborators/{username}": administers("admin", async ({ target }) => {
    await world.invite(target, world.bystander, "pull");
    return { path: { username: world.bystander.handle } };
  }),
  "GET /api/v3/repos/{owner}/{repo}/collaborators/{username}/permission": standing("write")("write", someCollaborator),
  "GET /api/v3/repos/{owner}/{repo}/invitations": administers("admin"),
  "PATCH /api/v3/repos/{owner}/{repo}/invitations/{invitation_id}": administers("admin", async (at) => ({
    ...(await openInvitation(at)),
    body: { permissions: "write" },
  })),
  "DELETE /api/v3/repos/{owner}/{repo}/invitations/{invitation_id}": administers("admin", openInvitation),
  "GET /api/v3/repos/{owner}/{repo}/branches": reads("read"),
  "GET /api/v3/repos/{owner}/{repo}/branches/{+branch}": reads("read", () => ({ path: { branch: "topic" } })),
  "GET /api/v3/repos/{owner}/{repo}/tags": reads("read"),
  "GET /api/v3/repos/{owner}/{repo}/commits": reads("read"),
  "GET /api/v3/repos/{owner}/{repo}/commits/{+ref}": reads("read", ({ ids }) => ({ path: { ref: ids.commit } })),
  "GET /api/v3/repos/{owner}/{repo}/contents": reads("read"),
  "GET /api/v3/repos/{owner}/{repo}/contents/{+path}": reads("read", () => ({ path: { path: "README.md" } })),
  "GET /api/v3/repos/{owner}/{repo}/readme": reads("read"),
  "GET /api/v3/repos/{owner}/{repo}/git/ref/{+ref}": reads("read", () => ({ path: { ref: "heads/main" } })),
  "GET /api/v3/repos/{owner}/{repo}/git/matching-refs/{+ref}": reads("read", () => ({ path: { ref: "heads/" } })),
  "GET /api/v3/repos/{owner}/{repo}/git/trees/{+tree_sha}": reads("read", () => ({ path: { tree_sha: "main" } })),
  "GET /api/v3/repos/{owner}/{repo}/git/blobs/{file_sha}": reads("read", ({ ids }) => ({
    path: { file_sha: ids.blob },
  })),
  "GET /api/v3/repos/{owner}/{repo}/git/commits/{commit_sha}": reads("read", ({ ids }) => ({
    path: { commit_sha: ids.commit },
  })),
  "GET /api/v3/repos/{owner}/{repo}/git/tags/{tag_sha}": reads("read", ({ ids }) => ({ path: { tag_sha: ids.tag } })),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": reads("read", protectedBranch),
  "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": administers("admin", () => ({
    path: { branch: "main" },
    body: noGitHubRule,
  })),
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": administers("admin", protectedBranch),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks": reads(
    "read",
    protectedBranch,
  ),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews": reads(
    "read",
    protectedBranch,
  ),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/enforce_admins": reads("read", protectedBranch),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": reads("read", protectedBranch),
  "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": administers(
    "admin",
    protectedBranch,
  ),
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": administers(
    "admin",
    protectedBranch,
  ),
  "GET /api/v3/repos/{owner}/{repo}/rules/branches/{+branch}": reads("read", () => ({ path: { branch: "main" } })),
  "GET /api/v3/repos/{owner}/{repo}/codeowners/errors": reads("read"),
  "POST /api/v3/repos/{owner}/{repo}/git/refs": standing("write")("write", ({ target, ids }) => ({
    path: filledPath(target),
    body: { ref: `refs/heads/${drawName()}`, sha: ids.commit },
  })),
  "PATCH /api/v3/repos/{owner}/{repo}/git/refs/{+ref}": standing("write")("write", ({ target, ids }) => ({
    path: { ...filledPath(target), ref: "heads/topic" },
    body: { sha: ids.commit },
  })),
  "DELETE /api/v3/repos/{owner}/{repo}/git/refs/{+ref}": standing("write")("write", drawnBranch),
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
  "GET /api/guts/blocks/{height}": anybody(() => ({ path: { height: String(world.node.ledger.height()) } })),
  "GET /api/guts/transactions/{id}": anybody(() => ({ path: { id: newestTransaction() } })),
  "POST /api/guts/transactions": anybody(() => ({ body: { envelope: signedProfile() } })),
  "POST /api/guts/signup": anybody(() => ({
    body: { ...world.node.accountStatement(drawName(), drawSeed()), session: "token" },
  })),
  "POST /api/guts/signin": anybody(() => ({
    body: { login: world.home.handle, password: AccessWorld.password, session: "token" },
  })),
  "POST /api/guts/recover": anybody(() => ({
    body: { ...signedRecovery(), password: AccessWorld.password, session: "token" },
  })),
  "POST /api/guts/signout": { need: { who: "anybody" }, endsToken: true },
  "GET /api/guts/session": anybody(),
  "GET /api/guts/tokens": signedIn(),
  "POST /api/guts/tokens": signedIn("admin:credentials", () => ({ body: { label: "new", scopes: ["user"] } })),
  "DELETE /api/guts/tokens/{id}": signedIn("admin:credentials", ownToken),
  "GET /api/guts/keys": signedIn(),
  "GET /api/guts/accounts/{handle}/keys": anybody(() => ({ path: { handle: world.owner.handle } })),
  "GET /api/guts/devices/{code}": signedIn(undefined, deviceCode),
  "POST /api/guts/devices/{code}": signedIn(undefined, async () => ({
    ...(await deviceCode()),
    body: { decision: "deny" },
  })),
  "POST /api/guts/passkeys/challenges": anybody(() => ({ body: { purpose: "sign-in" } })),
  "POST /api/guts/signin/passkey": anybody(passkeyAssertion),
  "GET /api/guts/passkeys": signedIn(),
  "POST /api/guts/passkeys": signedIn("admin:credentials", async (at) => ({ body: await newPasskey(at) })),
  "PATCH /api/guts/passkeys/{id}": signedIn("admin:credentials", async (at) => ({
    ...(await ownPasskey(at)),
    body: { name: "renamed" },
  })),
  "DELETE /api/guts/passkeys/{id}": signedIn("admin:credentials", ownPasskey),
  "PUT /api/v3/users/{username}/suspended": administrator(() => ({
    path: { username: world.bystander.handle },
    body: {},
  })),
  "DELETE /api/v3/users/{username}/suspended": administrator(() => ({ path: { username: world.bystander.handle } })),
  "GET /api/guts/accounts/{handle}/standing": signedIn(undefined, ({ caller }) => ({
    path: { handle: (caller.account ?? world.bystander).handle },
  })),
  "PUT /api/guts/accounts/{handle}/budget": administrator(() => ({
    path: { handle: world.bystander.handle },
    body: { rule: null },
  })),
  "GET /api/guts/transfers": signedIn(),
  "PUT /api/guts/transfers/{repository_id}": signedIn("repo", transferToCaller),
  "DELETE /api/guts/transfers/{repository_id}": signedIn("repo", transferToCaller),
  "GET /api/guts/delegations": signedIn(),
  "GET /api/guts/view/home": anybody(),
  "GET /api/guts/view/accounts/{handle}": anybody(() => ({ path: { handle: world.owner.handle } })),
  "GET /api/guts/view/repos/{owner}/{repo}": reads("read"),
  "GET /api/guts/view/repos/{owner}/{repo}/refs": reads("read", () => ({ query: { kind: "heads" } })),
  "GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}": reads("read", () => ({ path: { ref_path: "main" } })),
  "GET /api/guts/view/repos/{owner}/{repo}/last-commits/{+ref_path}": reads("read", () => ({
    path: { ref_path: "main" },
  })),
  "GET /api/guts/view/repos/{owner}/{repo}/blob/{+ref_path}": reads("read", () => ({
    path: { ref_path: "main/README.md" },
  })),
  "GET /api/guts/view/repos/{owner}/{repo}/commits/{+ref_path}": reads("read", () => ({ path: { ref_path: "main" } })),
  "GET /api/guts/view/repos/{owner}/{repo}/commit/{sha}": reads("read", ({ ids }) => ({ path: { sha: ids.commit } })),
};

const noGitHubRule = {
  required_status_checks: { strict: false, contexts: ["build"] },
  enforce_admins: null,
  required_pull_request_reviews: {},
  restrictions: null,
};
const plainRule = {
  target: "tag",
  pattern: "w*",
  settings: {
    pullRequest: null,
    checks: null,
    pushers: null,
    requiresLinearHistory: false,
    requiresSignedPush: false,
    allowsForcePush: false,
    allowsDeletion: false,
    allowsCreation: true,
    isLocked: false,
    includesAdministrators: false,
  },
};

/** A branch with a rule of its own. */
async function protectedBranch({ target: { owner, repo } }: At): Promise<Request> {
  const path = { owner, repo, branch: "main" };
  const put = "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection" as const;
  await world.owner.client.call(put, { path, body: noGitHubRule });
  return { path: { branch: "main" } };
}

/** Where refs are: a change that others do not see needs no repository of its own. */
function filledPath({ visibility }: Target): { readonly owner: string; readonly repo: string } {
  const { owner, repo } = filled[visibility];
  return { owner, repo };
}

async function drawnBranch({ target, ids }: At): Promise<Request> {
  const path = filledPath(target);
  const name = drawName();
  const body = { ref: `refs/heads/${name}`, sha: ids.commit };
  await world.owner.client.call("POST /api/v3/repos/{owner}/{repo}/git/refs", { path, body });
  return { path: { ...path, ref: `heads/${name}` } };
}

function someCollaborator(): Request {
  return { path: { username: world.callers.find(({ standing: held }) => held === "read")!.account!.handle } };
}

async function openInvitation({ target }: At): Promise<Request> {
  return { path: { invitation_id: String(await world.invite(target, world.bystander, "pull")) } };
}

/** The bystander asks the caller in. */
async function invitationToCaller({ caller }: At): Promise<Request> {
  const { client, handle } = world.bystander;
  const { name } = await client.call("POST /api/v3/user/repos", { body: { name: drawName() } });
  const username = (caller.account ?? world.owner).handle;
  const invitation = await client.call("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
    path: { owner: handle, repo: name, username },
    body: { permission: "pull" },
  });
  return { path: { invitation_id: String(invitation?.id) } };
}

/** The bystander offers the caller a repository. */
async function transferToCaller({ caller }: At): Promise<Request> {
  const { client, handle } = world.bystander;
  const { id, name } = await client.call("POST /api/v3/user/repos", { body: { name: drawName() } });
  await client.call("POST /api/v3/repos/{owner}/{repo}/transfer", {
    path: { owner: handle, repo: name },
    body: { new_owner: (caller.account ?? world.owner).handle },
  });
  return { path: { repository_id: String(id) } };
}

async function ownToken({ caller }: At): Promise<Request> {
  const { client } = caller.account ?? world.owner;
  const { id } = await client.call("POST /api/guts/tokens", { body: { label: "to revoke", scopes: ["user"] } });
  return { path: { id } };
}

async function deviceCode(): Promise<Request> {
  const answer = await fetch(`${world.node.url}/login/device/code`, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ client_id: "matrix", scope: "repo" }),
  });
  const { user_code: code } = (await answer.json()) as { user_code: string };
  return { path: { code } };
}

async function newPasskey({ caller }: At) {
  const { client } = caller.account ?? world.owner;
  // An account has few passkeys: what earlier requests left goes.
  for (const { id } of await client.call("GET /api/guts/passkeys", {}))
    await client.call("DELETE /api/guts/passkeys/{id}", { path: { id } });
  const terms = await client.call("POST /api/guts/passkeys/challenges", { body: { purpose: "add" } });
  return createAuthenticator(AccessWorld.origin).register(terms);
}

/** The line of a new SSH key. */
function drawKey(): string {
  return `ssh-ed25519 ${Buffer.from(sshBlobOf(publicKeyOf(drawSeed()))).toString("base64")}`;
}

async function ownSshKey({ caller }: At): Promise<Request> {
  const { client } = caller.account ?? world.owner;
  const { id } = await client.call("POST /api/v3/user/keys", { body: { key: drawKey() } });
  return { path: { key_id: String(id) } };
}

async function someDeployKey({ target }: At): Promise<Request> {
  const path = { owner: target.owner, repo: target.repo };
  const body = { key: drawKey() };
  const { id } = await world.owner.client.call("POST /api/v3/repos/{owner}/{repo}/keys", { path, body });
  return { path: { key_id: String(id) } };
}

async function ownPasskey(at: At): Promise<Request> {
  const { client } = at.caller.account ?? world.owner;
  const { id } = await client.call("POST /api/guts/passkeys", { body: await newPasskey(at) });
  return { path: { id } };
}

async function passkeyAssertion(): Promise<Request> {
  const { client } = world.bystander;
  const authenticator = createAuthenticator(AccessWorld.origin);
  const terms = await client.call("POST /api/guts/passkeys/challenges", { body: { purpose: "add" } });
  const { id } = await client.call("POST /api/guts/passkeys", { body: authenticator.register(terms) });
  const challenge = await client.call("POST /api/guts/passkeys/challenges", { body: { purpose: "sign-in" } });
  const body = authenticator.assert(challenge, null);
  return { body: { ...body, id } };
}

function newestTransaction(): string {
  const { ledger } = world.node;
  return Buffer.from(ledger.transactions(ledger.height())[0]!.record.transactionId).toString("hex");
}

function signedProfile(): string {
  const unchanged = { displayName: { value: undefined }, bio: undefined, location: undefined, website: undefined };
  const { id, seed } = world.bystander;
  return world.node.sign({ kind: "account.update", payload: unchanged }, id, seed);
}

function signedRecovery() {
  const { node, home } = world;
  return node.signForSession({ kind: "delegation.grant", payload: { node: node.ledger.nodeId } }, home.id, home.seed);
}

/** What is to become of the request; the oracle. */
function expectedStatus(
  need: Need,
  { caller, target }: At,
  access: "anyone" | "signed-in",
): "served" | 401 | 403 | 404 {
  if (caller.isDead) return 401;
  if (need.who === "anybody") return "served";
  if (access === "signed-in" && caller.token === undefined) return 401;
  if (need.who === "administrator") return 403;
  if (need.who === "signed-in") return need.scope === undefined || holds(caller, need.scope) ? "served" : 403;
  if (!mayRead(caller, target)) return 404;
  return standsAt(caller, target, need.who) && holdsFor(caller, target, need.act) ? "served" : 403;
}

function holdsFor(caller: Caller, { visibility }: Target, act: RepositoryAct): boolean {
  if (act === "read") return true;
  if (act === "delete") return holds(caller, "delete_repo");
  return holds(caller, act === "write" && visibility === "public" ? "public_repo" : "repo");
}

async function ask(name: ApiRouteName, request: Request, { token }: Caller): Promise<{ status: number; text: string }> {
  const [method, template] = name.split(" ") as [string, string];
  const path = template.replaceAll(/\{(\+?)(\w+)\}/g, (_all, rest: string, field: string) => {
    const value = request.path?.[field] ?? "";
    return rest === "+" ? value : encodeURIComponent(value);
  });
  const url = new URL(path, world.node.url);
  for (const [field, value] of Object.entries(request.query ?? {})) url.searchParams.set(field, value);
  const answer = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(token !== undefined && { authorization: `token ${token}` }),
      ...(request.body !== undefined && { "content-type": "application/json" }),
    },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** How many transactions have changed something. */
function appliedSince(height: number): number {
  const { ledger } = world.node;
  let count = 0;
  for (let at = height + 1; at <= ledger.height(); at++)
    count += ledger.transactions(at as never).filter(({ record }) => record.verdict.type === "applied").length;
  return count;
}

async function check(name: ApiRouteName, caller: Caller, visibility: Visibility): Promise<string | undefined> {
  const { need, request: prepare, endsToken } = cases[name];
  const route = routes[name];
  const isRepository = name.includes("{owner}/{repo}");
  const base = filled[visibility];
  const expected = expectedStatus(need, { caller, target: base, ids: base.ids }, route.access);
  // Only a request that changes something for good needs a repository of its own.
  const isSpent = isRepository && expected === "served" && !name.startsWith("GET ");
  const target = isSpent ? await world.createTarget(visibility) : base;
  const prepared = (await prepare?.({ caller, target, ids: base.ids })) ?? {};
  const request = isRepository
    ? { ...prepared, path: { owner: target.owner, repo: target.repo, ...prepared.path } }
    : prepared;
  const asked = endsToken ? await world.twinOf(caller) : caller;
  const height = world.node.ledger.height();
  const { status, text } = await ask(name, request, asked);
  const at = `${name} by ${caller.name}${isRepository ? `, ${visibility}` : ""}`;
  if (!mayRead(caller, filled.private) && text.includes(secretWord))
    return `${at}: tells of a private repository: ${text}`;
  if (expected === "served")
    return String(status) in route.responses ? undefined : `${at}: ${status} instead of an answer: ${text}`;
  if (status !== expected) return `${at}: ${status} instead of ${expected}: ${text}`;
  if (appliedSince(height) > 0) return `${at}: refused, and changed something`;
  if (status !== 404 || !isRepository) return undefined;
  const absent = await ask(name, { ...request, path: { ...request.path, repo: drawName() } }, caller);
  return absent.text === text ? undefined : `${at}: does not look absent: ${text}, but ${absent.text}`;
}

describe("every route serves exactly those whom it is for", () => {
  test.each(Object.keys(cases) as ApiRouteName[])("%s", async (name) => {
    const wrong: string[] = [];
    for (const caller of world.callers)
      for (const visibility of name.includes("{owner}/{repo}")
        ? (["public", "private"] as const)
        : (["public"] as const)) {
        const found = await check(name, caller, visibility);
        if (found !== undefined) wrong.push(found);
      }
    expect(wrong).toEqual([]);
  });

  test("no route is left out", () => expect(Object.keys(cases).toSorted()).toEqual(Object.keys(routes).toSorted()));
});

describe("git and files as they are", () => {
  const everywhere = gitDoors.flatMap((door) =>
    (["public", "private"] as const).map((visibility) => ({ door, visibility })),
  );

  test.each(everywhere)("$door.name, $visibility", async ({ door, visibility }) => {
    const target = filled[visibility];
    const wrong: string[] = [];
    for (const caller of world.callers) {
      const expected = expectedAtDoor(door, caller, target);
      const { status, text } = await knock(door, target, caller);
      if (status !== expected) wrong.push(`${caller.name}: ${status} instead of ${expected}: ${text}`);
      else if (expected === 404 || (expected === 401 && !caller.isDead && visibility === "private")) {
        const absent = await knock(door, { ...target, repo: drawName() }, caller);
        if (absent.status !== status)
          wrong.push(`${caller.name}: does not look absent: ${status}, but ${absent.status}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** Git asks for a credential where one may help; a browser that wants a file is told that there is none. */
function expectedAtDoor({ act, name }: Door, caller: Caller, target: Target): 200 | 401 | 403 | 404 {
  if (caller.isDead) return 401;
  const isGit = name.startsWith("git");
  if (!mayRead(caller, target)) return caller.token === undefined && isGit ? 401 : 404;
  if (act === "read") return 200;
  if (caller.token === undefined) return 401;
  return standsAt(caller, target, "write") && holdsFor(caller, target, "write") ? 200 : 403;
}

async function knock(door: Door, target: Target, { token }: Caller): Promise<{ status: number; text: string }> {
  const headers = new Headers(door.init?.headers);
  if (token !== undefined)
    headers.set("authorization", `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`);
  const answer = await fetch(new URL(door.path(target), world.node.url), { ...door.init, headers, redirect: "manual" });
  return { status: answer.status, text: await answer.text() };
}
