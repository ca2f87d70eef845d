/**
 * Everybody who may knock, and repositories to knock at: for tests that ask every door on behalf of every caller.
 *
 * What a caller may do is said here a second time, in the plainest way, so that a mistake in governance shows.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Scope } from "@guts/governance";
import { nodeIdOf, parsePrivateSeed, publicKeyOf, type PrivateSeed } from "@guts/primitives";

import { createToken, credentialIdOfToken } from "../auth/token.ts";
import { GitClient } from "./git-client.fixture.ts";
import { TestNode, type TestAccount } from "./test-node.fixture.ts";

/** A person's standing in a repository; `owner` is above every role. */
export const standings = ["none", "read", "triage", "write", "maintain", "admin", "owner"] as const;
export type Standing = (typeof standings)[number];

/** A kind of caller. `token` undefined: none is sent. */
export interface Caller {
  readonly name: string;
  readonly token: string | undefined;
  readonly account: TestAccount | undefined;
  readonly standing: Standing;
  /** What bounds the token; `all` for one that may do everything its person may. */
  readonly scopes: "all" | readonly Scope[];
  /** A token that is good no more, or not here. */
  readonly isDead: boolean;
}

/** A repository with people in every standing. */
export interface Target {
  readonly owner: string;
  readonly repo: string;
  readonly id: number;
  readonly visibility: "public" | "private";
}

const roles = ["read", "triage", "write", "maintain", "admin"] as const;
const permissionOf = { read: "pull", triage: "triage", write: "push", maintain: "maintain", admin: "admin" } as const;
type GivenPermission = (typeof permissionOf)[keyof typeof permissionOf];
/** In the name of every private repository, so that no answer can hold it unseen. */
export const secretWord = "undisclosed";

/** One node with callers of every kind. Dispose it at the end of the test file. */
export class AccessWorld implements AsyncDisposable {
  readonly node: TestNode;
  readonly callers: readonly Caller[];
  readonly owner: TestAccount;
  /** Somebody who has nothing to do with any repository. */
  readonly bystander: TestAccount;
  /** An account that signs in with `password`. */
  readonly home: TestAccount;
  readonly #people: ReadonlyMap<(typeof roles)[number], TestAccount>;
  readonly #scratch = mkdtempSync(join(tmpdir(), "guts-access-"));
  #count = 0;

  private constructor(parts: Pick<AccessWorld, "node" | "callers" | "owner" | "bystander" | "home">) {
    this.node = parts.node;
    this.callers = parts.callers;
    this.owner = parts.owner;
    this.bystander = parts.bystander;
    this.home = parts.home;
    this.#people = new Map(
      roles.map((role) => [role, parts.callers.find(({ name }) => name === `who may ${role}`)!.account!]),
    );
  }

  /** Where the node says that it is; passkeys are bound to it. */
  static readonly origin = "https://git.example.org";
  static readonly password = "correct horse battery";

  static async start(): Promise<AccessWorld> {
    const administrator = drawSeed();
    const node = await TestNode.start({ administrators: [publicKeyOf(administrator)], publicUrl: AccessWorld.origin });
    const owner = await node.signUp("owner");
    const expired = await tokenOf(owner, { scopes: ["repo"], expiresInDays: 1 });
    node.ledger.advance(2 * 24 * 3600 * 1000);
    const revoked = await tokenOf(owner, { scopes: ["repo"] });
    await revoke(owner, revoked);
    const dead = { account: owner, standing: "owner", scopes: "all", isDead: true } as const;
    const live = { isDead: false } as const;
    const scoped = async (scopes: readonly Scope[]): Promise<Caller> => {
      const token = await tokenOf(owner, { scopes });
      return {
        name: `owner with ${scopes.join(" ") || "no scope"}`,
        token,
        account: owner,
        standing: "owner",
        scopes,
        ...live,
      };
    };
    const people: Caller[] = [];
    for (const role of roles) {
      const account = await node.signUp(role);
      people.push({ name: `who may ${role}`, token: account.token, account, standing: role, scopes: "all", ...live });
    }
    const stranger = await node.signUp("stranger");
    const callers: readonly Caller[] = [
      { name: "visitor", token: undefined, account: undefined, standing: "none", scopes: "all", ...live },
      { name: "stranger", token: stranger.token, account: stranger, standing: "none", scopes: "all", ...live },
      ...people,
      { name: "owner", token: owner.token, account: owner, standing: "owner", scopes: "all", ...live },
      ...(await Promise.all(
        [["notifications"], ["repo:read"], ["public_repo"], ["repo"], ["delete_repo"], ["user"]].map((each) =>
          scoped(each as Scope[]),
        ),
      )),
      { ...dead, name: "expired token", token: expired },
      { ...dead, name: "revoked token", token: revoked },
      { ...dead, name: "another node's token", token: await foreignToken(node, owner, administrator) },
      { ...dead, name: "invented token", token: createToken(randomBytesOf) },
    ];
    const bystander = await node.signUp("bystander");
    const home = await node.signUp("home", AccessWorld.password);
    return new AccessWorld({ node, callers, owner, bystander, home });
  }

  /** A new repository with a collaborator in each role. */
  async createTarget(visibility: Target["visibility"]): Promise<Target> {
    const name = visibility === "private" ? `${secretWord}-${++this.#count}` : `open-${++this.#count}`;
    const created = await this.owner.client.call("POST /api/v3/user/repos", {
      body: { name, private: visibility === "private" },
    });
    const path = { owner: this.owner.handle, repo: name };
    for (const [role, account] of this.#people) {
      await this.invite(path, account, permissionOf[role]);
      await this.acceptAll(account);
    }
    return { ...path, id: created.id, visibility };
  }

  /** The same with a commit, a branch and an annotated tag. */
  async createFilledTarget(visibility: Target["visibility"]): Promise<Target & { readonly ids: GitIds }> {
    const target = await this.createTarget(visibility);
    const client = new GitClient(this.#scratch);
    const url = new URL(`/${target.owner}/${target.repo}.git`, this.node.url);
    url.username = "x";
    url.password = this.owner.token;
    await client.init(url.href);
    await client.commit("CODEOWNERS", "* @owner\n");
    await client.must("tag", "-a", "v1", "-m", "one");
    await client.must("push", "-q", "origin", "main", "main:topic", "v1");
    const idOf = (name: string) => client.must("rev-parse", name);
    const ids = { commit: await idOf("main"), tag: await idOf("v1"), blob: await idOf("main:README.md") };
    return { ...target, ids };
  }

  /** A token like the caller's, for a request that ends it. */
  async twinOf(caller: Caller): Promise<Caller> {
    if (caller.account === undefined || caller.isDead) return caller;
    const scopes = caller.scopes === "all" ? (["repo"] as const) : caller.scopes;
    return { ...caller, token: await tokenOf(caller.account, { scopes }) };
  }

  async invite(
    path: { owner: string; repo: string },
    account: TestAccount,
    permission: GivenPermission,
  ): Promise<number> {
    const answer = await this.owner.client.answer("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
      path: { ...path, username: account.handle },
      body: { permission },
    });
    return answer.data?.id ?? 0;
  }

  async acceptAll({ client }: TestAccount): Promise<void> {
    for (const { id } of await client.call("GET /api/v3/user/repository_invitations", {}))
      await client.call("PATCH /api/v3/user/repository_invitations/{invitation_id}", {
        path: { invitation_id: String(id) },
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#scratch, { recursive: true, force: true });
    await this.node[Symbol.asyncDispose]();
  }
}

/** What a filled repository holds. */
export interface GitIds {
  readonly commit: string;
  readonly tag: string;
  readonly blob: string;
}

/** Whether a token with these scopes may do what `scope` is for; the implications that matter here, said again. */
export function holds({ scopes }: Caller, scope: Scope): boolean {
  const implied: Partial<Record<Scope, readonly Scope[]>> = {
    public_repo: ["repo"],
    "repo:read": ["repo"],
    "repo:invite": ["repo"],
  };
  return scopes === "all" || scopes.includes(scope) || (implied[scope] ?? []).some((wider) => scopes.includes(wider));
}

/** Whether the caller's person stands at least there. */
export function standsAt(caller: Caller, { visibility }: Target, needed: Standing): boolean {
  const held = caller.standing === "none" && visibility === "public" ? "read" : caller.standing;
  return standings.indexOf(held) >= standings.indexOf(needed);
}

/** Whether the caller may know of the repository. */
export function mayRead(caller: Caller, target: Target): boolean {
  return standsAt(caller, target, "read") && (target.visibility === "public" || holds(caller, "repo:read"));
}

async function tokenOf(
  account: TestAccount,
  terms: { scopes: readonly Scope[]; expiresInDays?: number },
): Promise<string> {
  const body = { label: "matrix", ...terms, scopes: [...terms.scopes] };
  return (await account.client.call("POST /api/guts/tokens", { body })).token;
}

async function revoke({ client }: TestAccount, token: string): Promise<void> {
  const id = Buffer.from(credentialIdOfToken(token)).toString("hex");
  await client.call("DELETE /api/guts/tokens/{id}", { path: { id } });
}

/** A live token of the account that only another node of the network may take. */
async function foreignToken(node: TestNode, account: TestAccount, administrator: PrivateSeed): Promise<string> {
  const otherSeed = drawSeed();
  const other = nodeIdOf(publicKeyOf(otherSeed));
  const { account: admin } = await account.client.call("POST /api/guts/signup", {
    body: { ...node.accountStatement("administrator", administrator), session: "token" },
  });
  const act = async (envelope: string) => {
    const outcome = await account.client.call("POST /api/guts/transactions", { body: { envelope } });
    if (outcome.outcome !== "applied") throw new TypeError(JSON.stringify(outcome));
  };
  await act(node.sign({ kind: "node.admit", payload: { node: other, name: "other" } }, admin.id, administrator));
  await act(node.sign({ kind: "delegation.grant", payload: { node: other } }, account.id, account.seed));
  const token = createToken(randomBytesOf);
  const id = credentialIdOfToken(token);
  const terms = { kind: "token", scopes: 1, label: "elsewhere", expiresTime: undefined, audience: [other] } as const;
  const outcome = await node.ledger.submitFrom(otherSeed, account.id, {
    kind: "credential.create",
    payload: { id, ...terms },
  });
  if (outcome.outcome !== "applied") throw new TypeError(JSON.stringify(outcome));
  return token;
}

function randomBytesOf(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}

function drawSeed(): PrivateSeed {
  return parsePrivateSeed(randomBytesOf(32))!;
}
