import { encode, fromHex, parseDigest, type Height, type PrivateSeed, type TimeMs } from "@guts/primitives";
import { kindOf, type KindName, type LedgerCommand } from "./kinds/index.ts";
import { rulesVersion, transactionLifeBlocksMax, transactionLifeMsMax } from "./limits.ts";
import { signedTransactionCodec, signTransaction, type TransactionBody } from "./transaction.ts";

/** What a person's own key signs with a command, so that it is good once, on one network, for a short time. */
export interface SigningTerms {
  /** The network's id in hexadecimal. */
  readonly networkId: string;
  /** The newest block that the signer knows: the life of the transaction counts from there. */
  readonly height: number;
  readonly timeMs: number;
  /** The acting account's number; 0 for the command that creates it. */
  readonly account: number;
  /** 16 random bytes: two commands with the same key are applied at most once. */
  readonly idempotencyKey: Uint8Array;
}

/** Half of what is allowed, so that a node whose newest block is a little behind still takes it. */
const lifeMs = transactionLifeMsMax / 2;
const lifeBlocks = transactionLifeBlocksMax / 2;

/**
 * The canonical bytes of `command` signed by `seed`: what a client posts to a node, which then admits it.
 *
 * `networkId` must be one: RangeError otherwise.
 */
export function signCommand<Name extends KindName>(
  command: LedgerCommand<Name>,
  terms: SigningTerms,
  seed: PrivateSeed,
): Uint8Array {
  const networkId = parseDigest(fromHex(terms.networkId) ?? new Uint8Array());
  if (networkId === undefined) throw new RangeError(`not a network id: ${terms.networkId}`);
  const kind = kindOf(command.kind);
  const body: TransactionBody = {
    networkId,
    rulesVersion,
    account: terms.account,
    idempotencyKey: terms.idempotencyKey,
    expiresTime: (terms.timeMs + lifeMs) as TimeMs,
    expiresHeight: (terms.height + lifeBlocks) as Height,
    kind: kind.tag,
    payload: encode(kind.payload, command.payload),
  };
  return encode(signedTransactionCodec, signTransaction(body, seed));
}
