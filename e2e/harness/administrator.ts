import { createPrivateKey, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

import { idempotencyKeyOfProof, sessionProofLength, signCommand } from "@guts/ledger";
import { parsePrivateSeed, type NodeId, type PrivateSeed } from "@guts/primitives";

import type { Forge } from "./forge.ts";
import type { Visitor } from "./web.ts";

/** The demo account that administers a devnet. */
export const administratorLogin = "maintainer";

/** Signs a visitor's browser in as the network's administrator, by its root key: nobody has its password. */
export async function enterAsAdministrator(forge: Forge, { page }: Visitor): Promise<void> {
  const { privateKeyFile } = forge.devnet.account(administratorLogin);
  const network = await forge.anonymous.call("GET /api/guts/network", {});
  const { id } = await forge.anonymous.call("GET /api/v3/users/{username}", { path: { username: administratorLogin } });
  const proofBytes = Uint8Array.from(randomBytes(sessionProofLength));
  const idempotencyKey = idempotencyKeyOfProof(proofBytes);
  const terms = { ...network, timeMs: Date.parse(network.time), account: id, idempotencyKey };
  const command = { kind: "delegation.grant", payload: { node: network.nodeId as NodeId } } as const;
  const envelope = Buffer.from(signCommand(command, terms, readSeed(privateKeyFile))).toString("base64");
  const proof = Buffer.from(proofBytes).toString("base64");
  const data = { envelope, proof, password: randomBytes(24).toString("base64url"), session: "cookie" };
  const answer = await page.request.post("/api/guts/recover", { data, headers: { origin: forge.baseUrl } });
  if (!answer.ok()) throw new Error(`recovering ${administratorLogin}: ${await answer.text()}`);
}

function readSeed(file: string): PrivateSeed {
  const { d = "" } = createPrivateKey(readFileSync(file, "utf8")).export({ format: "jwk" });
  return parsePrivateSeed(Uint8Array.from(Buffer.from(d, "base64url")))!;
}
