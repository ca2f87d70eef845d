import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import { ApiError, createClient, type ApiClient } from "@guts/api/client";
import {
  idempotencyKeyOfProof,
  sessionProofLength,
  signCommand,
  type KindName,
  type LedgerCommand,
} from "@guts/ledger";
import { fromHex, parseDigest, parseHandle, publicKeyOf, type NodeId, type PrivateSeed } from "@guts/primitives";

import { writeFileDurably } from "../data/data-directory.ts";
import { createSeed, readPrivateKeyFile, writePrivateKeyFile } from "../keys/private-key-file.ts";
import { NodeError } from "../node-error.ts";
import { accountFilesOf, demoLogins, type DemoLogin, type NodePlace } from "./layout.ts";
import { untilHeight } from "./quorum.ts";

/** A demo account as the ready file lists it. Its token is good at every node. */
export interface DemoAccount {
  readonly login: DemoLogin;
  readonly token: string;
  readonly privateKeyFile: string;
}

/** The scopes that stand for everything a token may be allowed. */
const allScopes = ["repo", "public_repo", "repo:read", "user", "delete_repo", "admin:credentials"] as const;

/**
 * Makes sure that the demo accounts exist, the way a person would: a root key made here, a sign-up at the first node, a token;
 * then the other nodes as further homes, by the root key's word, and the token good at them too. Every node knows of it all.
 *
 * Safe to repeat after any interruption: the key is on disk before the sign-up, and the token's file is written last.
 */
export async function ensureDemoAccounts(
  root: string,
  places: readonly NodePlace[],
  signal: AbortSignal,
): Promise<readonly DemoAccount[]> {
  const client = createClient({ baseUrl: places[0]!.httpUrl });
  const accounts: DemoAccount[] = [];
  for (const login of demoLogins) {
    const files = accountFilesOf(root, login);
    mkdirSync(dirname(files.token), { recursive: true, mode: 0o700 });
    if (!existsSync(files.token)) await issueToken(login, files, client, signal);
    accounts.push({ login, token: readFileSync(files.token, "utf8").trim(), privateKeyFile: files.privateKey });
  }
  const { height } = await client.call("GET /api/guts/network", { signal });
  await untilHeight(places, height, signal);
  return accounts;
}

async function issueToken(
  login: DemoLogin,
  files: ReturnType<typeof accountFilesOf>,
  client: ApiClient,
  signal: AbortSignal,
): Promise<void> {
  if (!existsSync(files.privateKey)) writePrivateKeyFile(files.privateKey, createSeed());
  const seed = readPrivateKeyFile(files.privateKey);
  const session = await enter(login, seed, client, signal);
  const signedIn = createClient({ baseUrl: client.baseUrl, token: session });
  const body = { label: "devnet", scopes: [...allScopes] };
  const { nodes, nodeId } = await client.call("GET /api/guts/network", { signal });
  const others = nodes.flatMap((node) => (node.nodeId === nodeId ? [] : [node.nodeId as NodeId]));
  const account = (await findAccount(login, client, signal))!;
  const submit = (command: LedgerCommand) => submitSigned(client, command, { account, seed, signal });
  // The token is made after the homes: it is good only at nodes that were admitted before it.
  await Promise.all(others.map((node) => submit({ kind: "delegation.grant", payload: { node } })));
  const { token, id } = await signedIn.call("POST /api/guts/tokens", { body, signal });
  if (others.length > 0)
    await submit({ kind: "credential.share", payload: { id: parseDigest(fromHex(id)!)!, nodes: others } });
  writeFileDurably(files.token, `${token}\n`, 0o600);
}

/** Signs up, or, when an earlier run got that far, recovers the account by its root key; answers a session's token. */
async function enter(login: DemoLogin, seed: PrivateSeed, client: ApiClient, signal: AbortSignal): Promise<string> {
  const network = await client.call("GET /api/guts/network", { signal });
  const homeNode = network.nodeId as NodeId;
  const account = await findAccount(login, client, signal);
  const statementOf = (command: LedgerCommand) => signNow(client, command, { account: account ?? 0, seed, signal });
  const { token } =
    account === undefined
      ? await client.call("POST /api/guts/signup", {
          body: { ...(await statementOf(accountCreate(login, seed, homeNode))), session: "token" },
          signal,
        })
      : await client.call("POST /api/guts/recover", {
          body: {
            ...(await statementOf({ kind: "delegation.grant", payload: { node: homeNode } })),
            password: randomBytes(24).toString("base64url"),
            session: "token",
          },
          signal,
        });
  if (token === null) throw new NodeError("demo-accounts-failed", `The node gave ${login} no session.`);
  return token;
}

function accountCreate(login: DemoLogin, seed: PrivateSeed, homeNode: NodeId): LedgerCommand<"account.create"> {
  const rootKey = publicKeyOf(seed);
  const payload = { handle: parseHandle(login)!, rootKey, deviceKey: undefined, homeNode, invitation: undefined };
  return { kind: "account.create", payload };
}

interface Signing {
  readonly account: number;
  readonly seed: PrivateSeed;
  readonly signal: AbortSignal;
}

/** Submits what the root key signs. That it is so already is fine. */
async function submitSigned(client: ApiClient, command: LedgerCommand, signing: Signing): Promise<void> {
  const { envelope } = await signNow(client, command, signing);
  const body = { envelope };
  try {
    const { outcome, rejection } = await client.call("POST /api/guts/transactions", { body, signal: signing.signal });
    if (outcome === "applied" || rejection?.code === "already-so") return;
    throw new NodeError("demo-accounts-failed", rejection?.message ?? "the network did not decide in time");
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== "already-so") throw error;
  }
}

async function signNow<Name extends KindName>(
  client: ApiClient,
  command: LedgerCommand<Name>,
  { account, seed, signal }: Signing,
): Promise<{ readonly envelope: string; readonly proof: string }> {
  const network = await client.call("GET /api/guts/network", { signal });
  const proof = Uint8Array.from(randomBytes(sessionProofLength));
  const terms = { ...network, timeMs: Date.parse(network.time), account, idempotencyKey: idempotencyKeyOfProof(proof) };
  const envelope = Buffer.from(signCommand(command, terms, seed)).toString("base64");
  return { envelope, proof: Buffer.from(proof).toString("base64") };
}

async function findAccount(login: DemoLogin, client: ApiClient, signal: AbortSignal): Promise<number | undefined> {
  try {
    return (await client.call("GET /api/v3/users/{username}", { path: { username: login }, signal })).id;
  } catch (error) {
    if (error instanceof ApiError && error.data.status === 404) return undefined;
    throw error;
  }
}
