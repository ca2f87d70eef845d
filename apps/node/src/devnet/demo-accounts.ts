import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import { ApiError, createClient, type ApiClient } from "@guts/api/client";
import { signCommand, type KindName, type LedgerCommand } from "@guts/ledger";
import { parseHandle, publicKeyOf, type NodeId, type PrivateSeed } from "@guts/primitives";

import { writeFileDurably } from "../data/data-directory.ts";
import { createSeed, readPrivateKeyFile, writePrivateKeyFile } from "../keys/private-key-file.ts";
import { NodeError } from "../node-error.ts";
import { accountFilesOf, demoLogins, type DemoLogin } from "./layout.ts";

/** A demo account as the ready file lists it. */
export interface DemoAccount {
  readonly login: DemoLogin;
  readonly token: string;
  readonly privateKeyFile: string;
}

/** Everything a token may be allowed. */
const allScopes = ["repo", "public_repo", "repo:read", "user", "delete_repo", "admin:credentials"] as const;

/**
 * Makes sure that the demo accounts exist, the way a person would: a root key made here, a sign-up at the node, a token.
 *
 * Safe to repeat after any interruption: the key is on disk before the sign-up, so an account whose token was never stored gets
 * another by its key.
 */
export async function ensureDemoAccounts(
  root: string,
  nodeUrl: string,
  signal: AbortSignal,
): Promise<readonly DemoAccount[]> {
  const accounts: DemoAccount[] = [];
  for (const login of demoLogins) {
    const files = accountFilesOf(root, login);
    mkdirSync(dirname(files.token), { recursive: true, mode: 0o700 });
    if (!existsSync(files.token)) await issueToken(login, files, createClient({ baseUrl: nodeUrl }), signal);
    accounts.push({ login, token: readFileSync(files.token, "utf8").trim(), privateKeyFile: files.privateKey });
  }
  return accounts;
}

async function issueToken(
  login: DemoLogin,
  files: ReturnType<typeof accountFilesOf>,
  client: ApiClient,
  signal: AbortSignal,
): Promise<void> {
  if (!existsSync(files.privateKey)) writePrivateKeyFile(files.privateKey, createSeed());
  const session = await enter(login, readPrivateKeyFile(files.privateKey), client, signal);
  const signedIn = createClient({ baseUrl: client.baseUrl, token: session });
  const body = { label: "devnet", scopes: [...allScopes] };
  const { token } = await signedIn.call("POST /api/guts/tokens", { body, signal });
  writeFileDurably(files.token, `${token}\n`, 0o600);
}

/** Signs up, or, when an earlier run got that far, recovers the account by its root key; answers a session's token. */
async function enter(login: DemoLogin, seed: PrivateSeed, client: ApiClient, signal: AbortSignal): Promise<string> {
  const network = await client.call("GET /api/guts/network", { signal });
  const homeNode = network.nodeId as NodeId;
  const account = await findAccount(login, client, signal);
  const terms = { ...network, timeMs: Date.parse(network.time), idempotencyKey: Uint8Array.from(randomBytes(16)) };
  const envelopeOf = <Name extends KindName>(command: LedgerCommand<Name>) =>
    Buffer.from(signCommand(command, { ...terms, account: account ?? 0 }, seed)).toString("base64");
  const { token } =
    account === undefined
      ? await client.call("POST /api/guts/signup", {
          body: { envelope: envelopeOf(accountCreate(login, seed, homeNode)), session: "token" },
          signal,
        })
      : await client.call("POST /api/guts/recover", {
          body: {
            envelope: envelopeOf({ kind: "delegation.grant", payload: { node: homeNode } }),
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

async function findAccount(login: DemoLogin, client: ApiClient, signal: AbortSignal): Promise<number | undefined> {
  try {
    return (await client.call("GET /api/v3/users/{username}", { path: { username: login }, signal })).id;
  } catch (error) {
    if (error instanceof ApiError && error.data.status === 404) return undefined;
    throw error;
  }
}
