/** Everybody who may knock, and repositories to knock at: for tests that ask every door on behalf of every caller. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { publicKeyOf } from "@guts/primitives";

import { createCallers, createPeople } from "./access-callers.fixture.ts";
import { createOrganizationTarget, foundOrganization, type MatrixOrganization } from "./access-organization.fixture.ts";
import {
  homePassword,
  matrixOrigin,
  roleOf,
  secretWord,
  type Caller,
  type FilledTarget,
  type GitIds,
  type GivenPermission,
  type People,
  type Place,
  type RoleName,
  type Target,
} from "./access-standing.fixture.ts";
import { createAuthenticator } from "./authenticator.fixture.ts";
import { drawSeed } from "./drawn.fixture.ts";
import { GitClient } from "./git-client.fixture.ts";
import { OtherNode, seesOtherNodes } from "./other-node.fixture.ts";
import type { OrganizationRequests } from "./organization-requests.fixture.ts";
import { TestNode, type TestAccount } from "./test-node.fixture.ts";

/** What a request is made for. */
export interface At {
  readonly world: AccessWorld;
  readonly organizations: OrganizationRequests;
  readonly caller: Caller;
  readonly target: Target;
  readonly ids: GitIds;
}

/** A passkey with its id. */
interface Passkey {
  readonly authenticator: ReturnType<typeof createAuthenticator>;
  readonly id: string;
}

/** One node with callers of every kind. Dispose it at the end of the test file. */
export class AccessWorld implements AsyncDisposable {
  readonly node: TestNode;
  /** A second home of `home`, where people of this node may want to sign in. */
  readonly other: OtherNode;
  readonly callers: readonly Caller[];
  /** Owns every repository, or the organization that has it. */
  readonly owner: TestAccount;
  /** Administers the network. */
  readonly administrator: TestAccount;
  /** Somebody who may do nothing any more. */
  readonly suspended: TestAccount;
  /** Somebody who has nothing to do with any repository. */
  readonly bystander: TestAccount;
  /** An account that signs in with `homePassword`. */
  readonly home: TestAccount;
  readonly #people: People;
  readonly #organization: MatrixOrganization;
  readonly #scratch = mkdtempSync(join(tmpdir(), "guts-access-"));
  #passkey: Promise<Passkey> | undefined;
  #count = 0;

  private constructor(
    parts: Pick<
      AccessWorld,
      "node" | "other" | "callers" | "owner" | "administrator" | "suspended" | "bystander" | "home"
    >,
    people: People,
    organization: MatrixOrganization,
  ) {
    this.node = parts.node;
    this.other = parts.other;
    this.callers = parts.callers;
    this.owner = parts.owner;
    this.administrator = parts.administrator;
    this.suspended = parts.suspended;
    this.bystander = parts.bystander;
    this.home = parts.home;
    this.#people = people;
    this.#organization = organization;
  }

  static async start(): Promise<AccessWorld> {
    const seed = drawSeed();
    const node = await TestNode.start({
      administrators: [publicKeyOf(seed)],
      publicUrl: matrixOrigin,
      requestLimits: unlimited,
      network: seesOtherNodes,
    });
    const owner = await node.signUp("owner");
    const administrator = await node.signUp("administrator", undefined, seed);
    const people = await createPeople(node);
    const organization = await foundOrganization(owner, people);
    const suspended = await node.signUp("suspended");
    const asked = { path: { username: suspended.handle }, body: {} };
    await administrator.client.call("PUT /api/v3/users/{username}/suspended", asked);
    const callers = await createCallers({ node, owner, administrator, people, suspended });
    const bystander = await node.signUp("bystander");
    const home = await node.signUp("home", homePassword);
    const other = await OtherNode.join(node, administrator, "second");
    await other.delegate(home);
    const others = { suspended, bystander, home };
    return new AccessWorld({ node, other, callers, owner, administrator, ...others }, people, organization);
  }

  callerNamed(name: string): Caller {
    const found = this.callers.find((caller) => caller.name === name);
    if (found === undefined) throw new TypeError(`nobody is called ${name}`);
    return found;
  }

  /** A new repository with people in each role: by invitation, or as an organization gives roles. */
  async createTarget(place: Place): Promise<Target> {
    const visibility = place.endsWith("private") ? "private" : "public";
    const name = `${visibility === "private" ? secretWord : "open"}-${++this.#count}`;
    const asked = { name, private: visibility === "private" };
    if (place.startsWith("an organization"))
      return { ...(await createOrganizationTarget(this, this.#organization, asked)), visibility };
    const { id } = await this.owner.client.call("POST /api/v3/user/repos", { body: asked });
    const path = { owner: this.owner.handle, repo: name };
    for (const [role, account] of Object.entries(this.#people) as [RoleName, TestAccount][])
      await this.take(path, account, roleOf[role]);
    return { ...path, id, visibility };
  }

  /** The same with content. */
  async createFilledTarget(place: Place): Promise<FilledTarget> {
    const target = await this.createTarget(place);
    const client = new GitClient(this.#scratch);
    const url = new URL(`/${target.owner}/${target.repo}.git`, this.node.url);
    url.username = "x";
    url.password = this.owner.token;
    await client.init(url.href);
    await client.commit("CODEOWNERS", "* @owner\n");
    await client.commit("docs/README.md", "# Docs\n");
    await client.must("tag", "-a", "v1", "-m", "one");
    await client.must("push", "-q", "origin", "main", "main:topic", "v1");
    const idOf = (name: string) => client.must("rev-parse", name);
    const ids = { commit: await idOf("main"), tag: await idOf("v1"), blob: await idOf("main:README.md") };
    return { ...target, ids };
  }

  /** Makes somebody a collaborator, who accepts. */
  async take(path: { owner: string; repo: string }, account: TestAccount, permission: GivenPermission): Promise<void> {
    const id = await this.invite(path, account, permission);
    await account.client.call("PATCH /api/v3/user/repository_invitations/{invitation_id}", {
      path: { invitation_id: String(id) },
    });
  }

  async invite(
    path: { owner: string; repo: string },
    account: TestAccount,
    permission: GivenPermission,
  ): Promise<number> {
    const answer = await this.owner.client.answer("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
      path: { owner: path.owner, repo: path.repo, username: account.handle },
      body: { permission },
    });
    return answer.data?.id ?? 0;
  }

  async suspend({ handle }: TestAccount): Promise<void> {
    const asked = { path: { username: handle }, body: {} };
    await this.administrator.client.call("PUT /api/v3/users/{username}/suspended", asked);
  }

  /** The one passkey of the bystander. */
  bystanderPasskey(): Promise<Passkey> {
    this.#passkey ??= this.#addPasskey();
    return this.#passkey;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#scratch, { recursive: true, force: true });
    await this.node[Symbol.asyncDispose]();
  }

  async #addPasskey(): Promise<Passkey> {
    const { client } = this.bystander;
    const authenticator = createAuthenticator(matrixOrigin);
    const terms = await client.call("POST /api/guts/passkeys/challenges", { body: { purpose: "add" } });
    const { id } = await client.call("POST /api/guts/passkeys", { body: authenticator.register(terms) });
    return { authenticator, id };
  }
}

/** The matrix asks from one address, on behalf of a few accounts, thousands of times. */
const unlimited = {
  accountRequestsPerHour: 1_000_000,
  addressRequestsPerHour: 1_000_000,
  webRequestsPerMinute: 1_000_000,
  gitRequestsPerMinute: 1_000_000,
  writesPerMinute: 1_000_000,
} as const;
