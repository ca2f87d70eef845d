/** What callers ask with: each makes what its request is about, and the request. */
import { plainProtection } from "@guts/api/protection";
import { parseHandle, publicKeyOf, toHex } from "@guts/primitives";

import type { AccessRequest, Prepare } from "./access-cases.fixture.ts";
import { matrixOrigin } from "./access-standing.fixture.ts";
import type { AccessWorld, At } from "./access-world.fixture.ts";
import { createAuthenticator } from "./authenticator.fixture.ts";
import { gpgKeyText } from "./gpg-keys.fixture.ts";
import { drawKey, drawName, drawSeed } from "./drawn.fixture.ts";
import type { SessionStatement } from "./test-node.fixture.ts";
import { tinyPicture } from "./tiny-picture.fixture.ts";

/** A rule in GitHub's form. */
export const noGitHubRule = {
  required_status_checks: { strict: false, contexts: ["build"] },
  enforce_admins: null,
  required_pull_request_reviews: {},
  restrictions: null,
};

/** A rule in our own, which keeps no branch. */
export const plainRule = {
  target: "tag",
  pattern: "w*",
  settings: plainProtection,
};

/** Who acts for the caller, also where it has no account of its own. */
export function personOf({ caller, world }: At) {
  return caller.account ?? world.owner;
}

/** The caller's own organization, with a body. */
export const ownOrganization =
  (body?: object): Prepare =>
  async ({ caller, organizations }) => ({ path: { org: await organizations.own(caller) }, ...(body && { body }) });

/** A branch with a rule of its own. */
export async function protectedBranch({ world, target: { owner, repo } }: At): Promise<AccessRequest> {
  const path = { owner, repo, branch: "main" };
  const put = "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection" as const;
  await world.owner.client.call(put, { path, body: noGitHubRule });
  return { path: { branch: "main" } };
}

/** A new branch. */
export async function drawnBranch({ world, target: { owner, repo }, ids }: At): Promise<AccessRequest> {
  const name = drawName();
  const body = { ref: `refs/heads/${name}`, sha: ids.commit };
  await world.owner.client.call("POST /api/v3/repos/{owner}/{repo}/git/refs", { path: { owner, repo }, body });
  return { path: { ref: `heads/${name}` } };
}

/** Somebody who has a role on every repository. */
export function someCollaborator({ world }: At): AccessRequest {
  return { path: { username: world.callerNamed("writer").account!.handle } };
}

/** An invitation to the repository that nobody has answered. */
export async function openInvitation({ world, target }: At): Promise<AccessRequest> {
  return { path: { invitation_id: String(await world.invite(target, world.bystander, "pull")) } };
}

/** The bystander asks the caller in. */
export async function invitationToCaller(at: At): Promise<AccessRequest> {
  const { client, handle } = at.world.bystander;
  const { name } = await client.call("POST /api/v3/user/repos", { body: { name: drawName() } });
  const invitation = await client.call("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
    path: { owner: handle, repo: name, username: personOf(at).handle },
    body: { permission: "pull" },
  });
  return { path: { invitation_id: String(invitation?.id) } };
}

/** The bystander offers the caller a repository. */
export async function transferToCaller(at: At): Promise<AccessRequest> {
  const { client, handle } = at.world.bystander;
  const { id, name } = await client.call("POST /api/v3/user/repos", { body: { name: drawName() } });
  await client.call("POST /api/v3/repos/{owner}/{repo}/transfer", {
    path: { owner: handle, repo: name },
    body: { new_owner: personOf(at).handle },
  });
  return { path: { repository_id: String(id) } };
}

export async function ownToken(at: At): Promise<AccessRequest> {
  const body = { label: "to revoke", scopes: ["user" as const] };
  const { id } = await personOf(at).client.call("POST /api/guts/tokens", { body });
  return { path: { id } };
}

/** The code of a device that waits. */
export async function deviceCode({ world }: At): Promise<AccessRequest> {
  const answer = await fetch(`${world.node.url}/login/device/code`, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ client_id: "matrix", scope: "repo" }),
  });
  const { user_code: code } = (await answer.json()) as { user_code: string };
  return { path: { code } };
}

export async function ownSshKey(at: At): Promise<AccessRequest> {
  const { id } = await personOf(at).client.call("POST /api/v3/user/keys", { body: { key: drawKey() } });
  return { path: { key_id: String(id) } };
}

export async function ownDeployKey({ world, target: { owner, repo } }: At): Promise<AccessRequest> {
  const asked = { path: { owner, repo }, body: { key: drawKey() } };
  const { id } = await world.owner.client.call("POST /api/v3/repos/{owner}/{repo}/keys", asked);
  return { path: { key_id: String(id) } };
}

export async function ownSigningKey(at: At): Promise<AccessRequest> {
  const body = { key: drawKey() };
  const { id } = await personOf(at).client.call("POST /api/v3/user/ssh_signing_keys", { body });
  return { path: { ssh_signing_key_id: String(id) } };
}

/** A key that the caller does not have: an account has a key once. */
export async function newGpgKey(at: At): Promise<AccessRequest> {
  const { client } = personOf(at);
  for (const { id } of await client.call("GET /api/v3/user/gpg_keys", {}))
    await client.call("DELETE /api/v3/user/gpg_keys/{gpg_key_id}", { path: { gpg_key_id: String(id) } });
  return { body: { armored_public_key: gpgKeyText } };
}

/** The caller's key, the same for every request about it. */
export async function ownGpgKey(at: At): Promise<AccessRequest> {
  const { client } = personOf(at);
  const [known] = await client.call("GET /api/v3/user/gpg_keys", {});
  const body = { armored_public_key: gpgKeyText };
  const { id } = known ?? (await client.call("POST /api/v3/user/gpg_keys", { body }));
  return { path: { gpg_key_id: String(id) } };
}

/** What a new passkey says of itself. */
export async function newPasskey(at: At) {
  const { client } = personOf(at);
  // An account has few passkeys: what earlier requests left goes.
  for (const { id } of await client.call("GET /api/guts/passkeys", {}))
    await client.call("DELETE /api/guts/passkeys/{id}", { path: { id } });
  const terms = await client.call("POST /api/guts/passkeys/challenges", { body: { purpose: "add" } });
  return createAuthenticator(matrixOrigin).register(terms);
}

export async function ownPasskey(at: At): Promise<AccessRequest> {
  const { id } = await personOf(at).client.call("POST /api/guts/passkeys", { body: await newPasskey(at) });
  return { path: { id } };
}

/** Signs in with a passkey of the bystander. */
export async function passkeyAssertion({ world }: At): Promise<AccessRequest> {
  const { authenticator, id } = await world.bystanderPasskey();
  const challenge = await world.bystander.client.call("POST /api/guts/passkeys/challenges", {
    body: { purpose: "sign-in" },
  });
  return { body: { ...authenticator.assert(challenge, null), id } };
}

/** Somebody on whom nothing depends, new for who may do something to them. */
export async function expendableAccount({ world, caller }: At): Promise<AccessRequest> {
  const account = caller.isAdministrator ? await world.node.signUp("expendable") : world.bystander;
  return { path: { username: account.handle } };
}

/** The same, suspended. */
export async function suspendedAccount(at: At): Promise<AccessRequest> {
  const { world, caller } = at;
  if (!caller.isAdministrator) return { path: { username: world.suspended.handle } };
  const account = await world.node.signUp("expendable");
  await world.suspend(account);
  return { path: { username: account.handle } };
}

/** Gives the bystander a little more than it has. */
export async function widerBudget({ world }: At): Promise<AccessRequest> {
  const path = { handle: world.bystander.handle };
  const { rule } = await world.administrator.client.call("GET /api/guts/accounts/{handle}/standing", { path });
  const capacity = { ...rule.capacity, transactions: rule.capacity.transactions + 1 };
  return { path, body: { rule: { ...rule, capacity } } };
}

/** Gives the node a little more than it has. */
export async function widerNodeBudget({ world }: At): Promise<AccessRequest> {
  const path = { node_id: world.node.ledger.nodeId };
  const { rule } = await world.administrator.client.call("GET /api/guts/nodes/{node_id}/standing", { path });
  const capacity = { ...rule.capacity, transactions: rule.capacity.transactions + 1 };
  return { path, body: { rule: { ...rule, capacity } } };
}

/** Somebody whose root key signed. */
export function signedUser({ world }: At): AccessRequest {
  const login = drawName();
  const { envelope } = world.node.accountStatement(login, drawSeed());
  return { body: { login, envelope } };
}

export function newestTransaction({ node: { ledger } }: AccessWorld): string {
  return Buffer.from(ledger.transactions(ledger.height())[0]!.record.transactionId).toString("hex");
}

/** A transaction of the bystander's that changes nothing. */
export function signedProfile({ node, bystander }: AccessWorld): string {
  const unchanged = { displayName: { value: undefined }, bio: undefined, location: undefined, website: undefined };
  return node.sign({ kind: "account.update", payload: unchanged }, bystander.id, bystander.seed);
}

export function signedRecovery({ node, home }: AccessWorld): SessionStatement {
  return node.signForSession({ kind: "delegation.grant", payload: { node: node.ledger.nodeId } }, home.id, home.seed);
}

/** The event log of the caller's account. */
export const ownLog: Prepare = (at) => ({ path: { type: "account", id: String(personOf(at).id) } });

/** The act by which the caller's account was made. */
export const ownSignUp: Prepare = (at) => {
  const { handle } = personOf(at);
  const { ledger } = at.world.node;
  const account = ledger.state().findAccount(parseHandle(handle)!)!.found.id;
  const event = ledger.events.find(({ kind, actor }) => kind === "account.create" && actor === account)!;
  return { path: { id: toHex(event.transactionId) } };
};

/** Somebody whom the caller follows. */
export async function followedByCaller(at: At): Promise<AccessRequest> {
  const path = { username: at.world.bystander.handle };
  await personOf(at).client.call("PUT /api/v3/user/following/{username}", { path });
  return { path };
}

/** An address that nobody has given yet. */
export const newEmail = () => ({ body: { emails: [`${drawName()}@example.org`] } });

/** The one address of the caller, given a moment ago. */
export async function ownEmail(at: At) {
  const { client } = personOf(at);
  const known = (await client.call("GET /api/v3/user/emails", {})).filter(({ verified }) => !verified);
  const emails = known.map(({ email }) => email);
  if (emails.length > 0) await client.call("DELETE /api/v3/user/emails", { body: { emails } });
  const request = newEmail();
  await client.call("POST /api/v3/user/emails", request);
  return request;
}

/** A picture of the caller, small but whole. */
export const ownAvatar = (at: At) => ({ path: { handle: personOf(at).handle }, body: { image: tinyPicture } });

/** The caller, who has a picture. */
export async function pictured(at: At): Promise<AccessRequest> {
  const { path, body } = ownAvatar(at);
  await personOf(at).client.call("PUT /api/guts/accounts/{handle}/avatar", { path, body });
  return { path };
}

/** An invitation to the network that an administrator has just made. */
export const givenInvitation: Prepare = async ({ world }) => {
  const key = toHex(publicKeyOf(drawSeed()));
  await world.administrator.client.call("POST /api/guts/invitations", { body: { key } });
  return { path: { key }, body: {} };
};

/** Another rule than there is; the world's people are there already, and open again is what it was. */
export const otherRegistration: Prepare = ({ world }) => {
  const isOpen = world.node.ledger.state().network().registration === "open";
  return { body: { registration: isOpen ? "invite" : "open" } };
};
