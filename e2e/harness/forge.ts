import { randomBytes } from "node:crypto";
import { join } from "node:path";

import type { TokenScope } from "@guts/api";
import type { ApiClient } from "@guts/api/client";
import { idempotencyKeyOfProof, sessionProofLength, signCommand } from "@guts/ledger";
import { parseHandle, parsePrivateSeed, publicKeyOf, type NodeId, type PrivateSeed } from "@guts/primitives";

import { createCheckedClient } from "./checked-client.ts";
import { startDevnet, type Devnet, type DevnetOptions } from "./devnet.ts";
import { createGitRunner, type GitRunner } from "./git.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** Scopes of a token; without any it can only read what everybody can. */
export type Scope = TokenScope;

/** Somebody with an account, a token with all scopes, and a client that uses it. */
export interface Person {
  readonly login: string;
  readonly token: string;
  readonly rootSeed: PrivateSeed;
  readonly client: ApiClient;
  /** Makes another token. */
  createToken(scopes: readonly Scope[]): Promise<string>;
}

/** A repository as tests speak of it. */
export interface TestRepository {
  readonly owner: Person;
  readonly name: string;
  /** Its address without credentials. */
  readonly url: string;
  /** Its address with a person's credentials, or with any token. */
  readonly urlFor: (person: Person | string) => string;
}

/** A running network with people, repositories and git: what a test file shares. */
export interface Forge extends AsyncDisposable {
  readonly devnet: Devnet;
  readonly baseUrl: string;
  readonly sshUrl: string;
  /** A client without credentials. */
  readonly anonymous: ApiClient;
  readonly git: GitRunner;
  /** A fresh folder under the runner's. */
  newFolder(purpose?: string): string;
  signUp(login?: string): Promise<Person>;
  createRepository(owner: Person, options?: RepositoryOptions): Promise<TestRepository>;
  /** A repository with one commit of README.md on main, and a work tree of it whose `origin` pushes as the owner. */
  createFilledRepository(
    owner: Person,
    options?: RepositoryOptions,
  ): Promise<TestRepository & { readonly workTree: string }>;
}

/** How a repository differs from a public one of sha1. */
export interface RepositoryOptions {
  readonly name?: string;
  readonly isPrivate?: boolean;
  readonly objectFormat?: "sha1" | "sha256";
}

/** They stand for every scope. */
const allScopes: readonly Scope[] = ["repo", "public_repo", "repo:read", "user", "delete_repo", "admin:credentials"];
let nameCount = 0;

/** A name that nothing else in this run has. */
export function uniqueName(prefix: string): string {
  nameCount += 1;
  return `${prefix}-${nameCount}-${randomBytes(3).toString("hex")}`;
}

/** Starts a network for a test file. */
export async function startForge(options: DevnetOptions = {}): Promise<Forge> {
  const devnet = await startDevnet(options);
  const folder = createTemporaryFolder("forge");
  const git = createGitRunner(folder.path);
  const baseUrl = devnet.node.httpUrl;
  const anonymous = createCheckedClient({ baseUrl });
  const newFolder = (purpose = "work") => join(folder.path, uniqueName(purpose));
  const createRepository = (owner: Person, repository: RepositoryOptions = {}) =>
    makeRepository(baseUrl, owner, repository);
  return {
    devnet,
    baseUrl,
    sshUrl: devnet.node.sshUrl,
    anonymous,
    git,
    newFolder,
    signUp: (login = uniqueName("ada")) => signUp(baseUrl, login),
    createRepository,
    async createFilledRepository(owner, repository) {
      const created = await createRepository(owner, repository);
      const workTree = newFolder();
      await git.run(["init", "-q", `--object-format=${repository?.objectFormat ?? "sha1"}`, workTree]);
      await git.run(["-C", workTree, "remote", "add", "origin", created.urlFor(owner)]);
      await git.commit(workTree, "README.md", `# ${created.name}\n`);
      await git.run(["-C", workTree, "push", "-q", "-u", "origin", "main"]);
      return { ...created, workTree };
    },
    async [Symbol.asyncDispose]() {
      await devnet[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** What somebody brings along who signs up; a root key is drawn when they bring none. */
export interface SignUpOptions {
  readonly password?: string;
  readonly rootSeed?: PrivateSeed;
}

/** Signs somebody up the way a person would: a root key of their own, the node as home, a session, a token. */
export async function signUp(baseUrl: string, login: string, options: SignUpOptions = {}): Promise<Person> {
  const { password, rootSeed = parsePrivateSeed(Uint8Array.from(randomBytes(32)))! } = options;
  const anonymous = createCheckedClient({ baseUrl });
  const network = await anonymous.call("GET /api/guts/network", {});
  const payload = {
    handle: parseHandle(login)!,
    rootKey: publicKeyOf(rootSeed),
    deviceKey: undefined,
    homeNode: network.nodeId as NodeId,
    invitation: undefined,
  };
  const proofBytes = Uint8Array.from(randomBytes(sessionProofLength));
  const idempotencyKey = idempotencyKeyOfProof(proofBytes);
  const terms = { ...network, timeMs: Date.parse(network.time), account: 0, idempotencyKey };
  const envelope = Buffer.from(signCommand({ kind: "account.create", payload }, terms, rootSeed)).toString("base64");
  const proof = Buffer.from(proofBytes).toString("base64");
  const session = await anonymous.call("POST /api/guts/signup", {
    body: { envelope, proof, session: "token", ...(password !== undefined && { password }) },
  });
  const signedIn = createCheckedClient({ baseUrl, token: session.token! });
  const createToken = async (scopes: readonly Scope[]) => {
    const body = { label: uniqueName("test"), scopes: [...scopes] };
    return (await signedIn.call("POST /api/guts/tokens", { body })).token;
  };
  const token = await createToken(allScopes);
  return { login, token, rootSeed, client: createCheckedClient({ baseUrl, token }), createToken };
}

async function makeRepository(
  baseUrl: string,
  owner: Person,
  { name = uniqueName("repo"), isPrivate = false, objectFormat }: RepositoryOptions,
): Promise<TestRepository> {
  const body = { name, private: isPrivate, ...(objectFormat === undefined ? {} : { object_format: objectFormat }) };
  await owner.client.call("POST /api/v3/user/repos", { body });
  return repositoryAt(baseUrl, owner, name);
}

/** A repository by its name, whether it exists or not. */
export function repositoryAt(baseUrl: string, owner: Person, name: string): TestRepository {
  const path = `/${owner.login}/${name}.git`;
  return {
    owner,
    name,
    url: `${baseUrl}${path}`,
    urlFor(person) {
      const [login, token] = typeof person === "string" ? ["token", person] : [person.login, person.token];
      return `${baseUrl.replace("//", `//${login}:${token}@`)}${path}`;
    },
  };
}
