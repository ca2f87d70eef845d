import { randomBytes } from "node:crypto";
import type { ApiClient, ApiOutput } from "@guts/api/client";
import {
  contentCodec,
  contentRefOf,
  contentSaltLength,
  idempotencyKeyOfProof,
  sessionProofLength,
  signCommand,
  type ContentRef,
  type KindName,
  type LedgerCommand,
} from "@guts/ledger";
import { encode, utf8, type PrivateSeed } from "@guts/primitives";
import { CliError } from "../cli-error.ts";

/** A signed command for which the node starts a session, with the proof that this program signed it; both in base64. */
export interface SessionStatement {
  readonly envelope: string;
  readonly proof: string;
}

interface SignOptions {
  readonly account: number;
  readonly seed: PrivateSeed;
}

/** A command for the ledger, signed by a key of the account, in the form that the API takes. */
export function signFor<Name extends KindName>(
  network: ApiOutput<"GET /api/guts/network">,
  command: LedgerCommand<Name>,
  options: SignOptions,
): string {
  return signForSession(network, command, options).envelope;
}

/**
 * The same for a sign-up or a recovery.
 *
 * The terms (network, newest height and time) are what the node says; a node that lied about them would get a
 * transaction that is good nowhere.
 */
export function signForSession<Name extends KindName>(
  network: ApiOutput<"GET /api/guts/network">,
  command: LedgerCommand<Name>,
  { account, seed }: SignOptions,
): SessionStatement {
  const proof = Uint8Array.from(randomBytes(sessionProofLength));
  const terms = {
    networkId: network.networkId,
    height: network.height,
    timeMs: Date.parse(network.time),
    account,
    idempotencyKey: idempotencyKeyOfProof(proof),
  };
  const envelope = Buffer.from(signCommand(command, terms, seed)).toString("base64");
  return { envelope, proof: Buffer.from(proof).toString("base64") };
}

/** A text as a payload names it, and as it travels beside the envelope: salted, so that the digest tells nobody the text. */
export function detachText(text: string): { readonly ref: ContentRef; readonly content: string } {
  const content = { salt: Uint8Array.from(randomBytes(contentSaltLength)), text: utf8(text) };
  return { ref: contentRefOf(content), content: Buffer.from(encode(contentCodec, content)).toString("base64") };
}

/** Submits a signed command and waits until it is applied. Throws `refused` or `outcome-unknown`. */
export async function submitSigned(
  client: ApiClient,
  envelope: string,
  contents: readonly string[] = [],
): Promise<void> {
  const body = { envelope, ...(contents.length > 0 && { contents: [...contents] }) };
  const outcome = await client.call("POST /api/guts/transactions", { body });
  if (outcome.outcome === "applied") return;
  if (outcome.outcome === "rejected")
    throw new CliError("refused", outcome.rejection?.message ?? `the network rejected it (${outcome.transactionId})`);
  throw new CliError("outcome-unknown", "the network has not decided yet", {
    hint: `See \`guts api /api/guts/transactions/${outcome.transactionId}\`; it cannot take effect after ${outcome.untilTime ?? "a few minutes"}.`,
  });
}
