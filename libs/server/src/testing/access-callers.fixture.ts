/** The callers of the access matrix: one of every kind that a door could tell apart. */
import { randomBytes } from "node:crypto";

import type { Scope } from "@guts/governance";
import { nodeIdOf, publicKeyOf, type NodeId, type PrivateSeed } from "@guts/primitives";

import { createToken, credentialIdOfToken } from "../auth/token.ts";
import {
  roleOf,
  type Areas,
  type Caller,
  type People,
  type RoleName,
  type Standing,
} from "./access-standing.fixture.ts";
import { drawSeed } from "./drawn.fixture.ts";
import type { TestAccount, TestNode } from "./test-node.fixture.ts";

const standingOf: Readonly<Record<RoleName, Standing>> = {
  reader: "read",
  triager: "triage",
  writer: "write",
  maintainer: "maintain",
  admin: "admin",
};

/** Tokens that may less than their person, who owns everything. */
const scopeSets: readonly (readonly Scope[])[] = [
  ["notifications"],
  ["repo:read"],
  ["public_repo"],
  ["repo"],
  ["delete_repo"],
  ["user"],
];

/** Fine-grained tokens: for contents and issues, for administration, for reading all, and for everything of another repository. */
const areaSets: Readonly<Record<string, Areas>> = {
  "fine-grained token for contents and issues": {
    contents: "write",
    administration: "none",
    issues: "write",
    isElsewhere: false,
  },
  "fine-grained token for administration": {
    contents: "none",
    administration: "write",
    issues: "none",
    isElsewhere: false,
  },
  "fine-grained token that reads": {
    contents: "read",
    administration: "read",
    issues: "read",
    isElsewhere: false,
  },
  "fine-grained token for another repository": {
    contents: "write",
    administration: "write",
    issues: "write",
    isElsewhere: true,
  },
};

/** Those without whom the matrix would say less than it promises; a test compares. */
export const promisedCallers = [
  ...["anonymous", "stranger", ...(Object.keys(roleOf) as RoleName[]), "owner", "administrator of the network"],
  ...["suspended", "expired token", "revoked token", "another node's token", "invented token"],
  ...scopeSets.map((scopes) => nameOf(scopes)),
  ...Object.keys(areaSets),
];

function nameOf(scopes: readonly Scope[]): string {
  return `token with ${scopes.join(" ")} only`;
}

/** An account for each role. */
export async function createPeople(node: TestNode): Promise<People> {
  const people = {} as Record<RoleName, TestAccount>;
  for (const role of Object.keys(roleOf) as RoleName[]) people[role] = await node.signUp(role);
  return people;
}

interface Parties {
  readonly node: TestNode;
  readonly owner: TestAccount;
  readonly administrator: TestAccount;
  readonly people: People;
  readonly suspended: TestAccount;
}

/** Every kind of caller. The owner's tokens are what bounded, dead and foreign ones are of. */
export async function createCallers(parties: Parties): Promise<readonly Caller[]> {
  const { node, owner, administrator, people, suspended } = parties;
  const dead = await deadTokens(parties);
  const stranger = await node.signUp("stranger");
  const roles = (Object.keys(roleOf) as RoleName[]).map((role) =>
    callerOf(role, people[role], { standing: standingOf[role] }),
  );
  const bounded = scopeSets.map(async (scopes) => {
    const token = await tokenOf(owner, { scopes });
    return callerOf(nameOf(scopes), owner, { standing: "owner", scopes, token });
  });
  return [
    { ...callerOf("anonymous", stranger), token: undefined, account: undefined },
    callerOf("stranger", stranger),
    ...roles,
    callerOf("owner", owner, { standing: "owner" }),
    callerOf("administrator of the network", administrator, { isAdministrator: true }),
    { ...callerOf("suspended", suspended, { state: "suspended" }), account: undefined },
    ...(await Promise.all(bounded)),
    ...(await fineGrained(owner)),
    ...Object.entries(dead).map(([name, token]) => callerOf(name, owner, { standing: "owner", state: "dead", token })),
  ];
}

/** Fine-grained tokens of the owner's. */
async function fineGrained(owner: TestAccount): Promise<readonly Caller[]> {
  const repo = "listed";
  await owner.client.call("POST /api/v3/user/repos", { body: { name: repo, private: true } });
  const made = Object.entries(areaSets).map(async ([name, areas]) => {
    const { contents, administration, issues, isElsewhere } = areas;
    const where = isElsewhere ? { repositories: [repo] } : {};
    const body = { label: "matrix", ...where, permissions: { contents, administration, issues } };
    const { token } = await owner.client.call("POST /api/guts/tokens/fine-grained", { body });
    return callerOf(name, owner, { standing: "owner", scopes: [], token, areas });
  });
  return Promise.all(made);
}

function callerOf(name: string, account: TestAccount, changes: Partial<Caller> = {}): Caller {
  const usual = { standing: "none", scopes: "all", state: "live", isAdministrator: false } as const;
  return { name, token: account.token, account, ...usual, ...changes };
}

/** Tokens of the owner's that are good no more, or not here. */
async function deadTokens({ node, owner, administrator }: Parties): Promise<Readonly<Record<string, string>>> {
  const expired = await tokenOf(owner, { scopes: ["repo"], expiresInDays: 1 });
  node.ledger.advance(2 * 24 * 3600 * 1000);
  const revoked = await tokenOf(owner, { scopes: ["repo"] });
  const id = Buffer.from(credentialIdOfToken(revoked)).toString("hex");
  await owner.client.call("DELETE /api/guts/tokens/{id}", { path: { id } });
  return {
    "expired token": expired,
    "revoked token": revoked,
    "another node's token": await foreignToken(node, owner, administrator),
    "invented token": createToken(randomBytesOf),
  };
}

/** A token like the caller's, for a request that ends it. */
export async function twinOf(caller: Caller): Promise<Caller> {
  if (caller.account === undefined || caller.state !== "live") return caller;
  const scopes = caller.scopes === "all" || caller.areas !== undefined ? (["repo"] as const) : caller.scopes;
  return { ...caller, token: await tokenOf(caller.account, { scopes }) };
}

async function tokenOf(
  account: TestAccount,
  terms: { readonly scopes: readonly Scope[]; readonly expiresInDays?: number },
): Promise<string> {
  const body = { label: "matrix", ...terms, scopes: [...terms.scopes] };
  return (await account.client.call("POST /api/guts/tokens", { body })).token;
}

/** A live token of the account that only another node of the network may take. */
async function foreignToken(node: TestNode, account: TestAccount, administrator: TestAccount): Promise<string> {
  const { seed, id: other } = await admitAnotherNode(node, account, administrator);
  const token = createToken(randomBytesOf);
  const id = credentialIdOfToken(token);
  const terms = { kind: "token", scopes: 1, label: "elsewhere", expiresTime: undefined, audience: [other] } as const;
  const command = { kind: "credential.create", payload: { id, ...terms } } as const;
  const outcome = await node.ledger.submitFrom(seed, account.id, command);
  if (outcome.outcome !== "applied") throw new TypeError(JSON.stringify(outcome));
  return token;
}

/** Another node of the network, which the account has delegated too. */
export async function admitAnotherNode(
  node: TestNode,
  account: TestAccount,
  administrator: TestAccount,
): Promise<{ readonly seed: PrivateSeed; readonly id: NodeId }> {
  const seed = drawSeed();
  const id = nodeIdOf(publicKeyOf(seed));
  const act = async (envelope: string) => {
    const outcome = await account.client.call("POST /api/guts/transactions", { body: { envelope } });
    if (outcome.outcome !== "applied") throw new TypeError(JSON.stringify(outcome));
  };
  const admit = { kind: "node.admit", payload: { node: id, name: "other" } } as const;
  await act(node.sign(admit, administrator.id, administrator.seed));
  await act(node.sign({ kind: "delegation.grant", payload: { node: id } }, account.id, account.seed));
  return { seed, id };
}

function randomBytesOf(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}
