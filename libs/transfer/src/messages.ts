/** The messages by which nodes replicate objects (docs/protocol/replication.md). Formats of version 1. */
import { packRefCodec, receiptStatementCodec, tables } from "@guts/ledger";
import {
  bool,
  list,
  mapped,
  oneOf,
  repositoryIdCodec,
  signatureCodec,
  struct,
  text,
  u32,
  u64,
  union,
  type Codec,
  type Decoded,
} from "@guts/primitives";
import { ledgerLimits } from "@guts/ledger";
import { signedGrantCodec } from "./grant.ts";
import { offerAddressBytesMax, offerAddressesMax, refusalDetailBytesMax, requestedObjectsMax } from "./limits.ts";

/** `host:port`, an IPv6 host in brackets. */
const addressCodec: Codec<string> = mapped(text(offerAddressBytesMax), parseAddress, (address) => address);

/** A grant, and where to use it. */
export const packOfferCodec = struct({
  signed: signedGrantCodec,
  addresses: list(addressCodec, offerAddressesMax),
});
/** A pack that a holder is ready to give. */
export type PackOffer = Decoded<typeof packOfferCodec>;

/** Asks a validator for its storage receipt. */
export const receiptProtocol = "receipt/1";
export const receiptRequestCodec = struct({
  statement: receiptStatementCodec,
  /** For the statement's packs, in order. */
  offers: list(packOfferCodec, ledgerLimits.packsPerPushMax),
});
/** A push to be certified. */
export type ReceiptRequest = Decoded<typeof receiptRequestCodec>;

/** Why a validator does not sign. */
export type ReceiptRefusalCode =
  | "node-not-admitted"
  | "wrong-network"
  | "wrong-epoch"
  | "not-a-validator"
  | "terms-unknown"
  | "terms-out-of-bounds"
  | "height-not-reached"
  | "repository-missing"
  | "repository-incomplete"
  | "pack-unavailable"
  | "objects-refused"
  | "pack-differs"
  | "facts-differ"
  | "merge-differs"
  | "quota-spent"
  | "busy";

const receiptRefusalCodec: Codec<ReceiptRefusalCode> = oneOf({
  "node-not-admitted": 1,
  "wrong-network": 2,
  "wrong-epoch": 3,
  "not-a-validator": 4,
  "terms-unknown": 5,
  "terms-out-of-bounds": 6,
  "height-not-reached": 7,
  "repository-missing": 8,
  "repository-incomplete": 9,
  "pack-unavailable": 10,
  "objects-refused": 11,
  "pack-differs": 12,
  "facts-differ": 13,
  "quota-spent": 14,
  busy: 15,
  "merge-differs": 16,
});

/** A validator's answer: its signature over the very statement that it was asked for, or why not. */
export const receiptAnswerCodec = union({
  signed: [1, struct({ signature: signatureCodec })],
  refused: [2, struct({ code: receiptRefusalCodec, detail: text(refusalDetailBytesMax) })],
});
export type ReceiptAnswer = Decoded<typeof receiptAnswerCodec>;

/** Asks a holder for a grant for one pack by its SHA-256; also to resume. */
export const packOfferProtocol = "pack-offer/1";
export const packOfferRequestCodec = struct({ repository: repositoryIdCodec, pack: packRefCodec, offset: u64 });
export type PackOfferRequest = Decoded<typeof packOfferRequestCodec>;

/** Why a holder offers nothing. `not-here` may change; the others need another holder. */
export type OfferRefusalCode = "node-not-admitted" | "repository-missing" | "not-here" | "busy";

const offerRefusalCodec: Codec<OfferRefusalCode> = oneOf({
  "node-not-admitted": 1,
  "repository-missing": 2,
  "not-here": 3,
  busy: 4,
});

export const packOfferAnswerCodec = union({
  offered: [1, struct({ offer: packOfferCodec })],
  refused: [2, struct({ code: offerRefusalCodec })],
});
export type PackOfferAnswer = Decoded<typeof packOfferAnswerCodec>;

/**
 * Asks a holder for a pack of what `wants` reach and `haves` do not. Making it may take the holder a while: `preparing` says
 * after how many milliseconds to ask again with the same bytes.
 */
export const objectsProtocol = "objects/1";
export const objectsRequestCodec = struct({
  repository: repositoryIdCodec,
  wants: list(tables.objectIdCodec, requestedObjectsMax),
  haves: list(tables.objectIdCodec, requestedObjectsMax),
  /** Deltas may name objects that the haves reach. */
  isThinAllowed: bool,
});
export type ObjectsRequest = Decoded<typeof objectsRequestCodec>;

export const objectsAnswerCodec = union({
  offered: [1, struct({ offer: packOfferCodec })],
  preparing: [2, struct({ retryMs: u32 })],
  refused: [3, struct({ code: offerRefusalCodec })],
});
export type ObjectsAnswer = Decoded<typeof objectsAnswerCodec>;

/** `host:port` with a port from 1 to 65535 and a host of the characters that hosts have; undefined otherwise. */
export function parseAddress(text: string): string | undefined {
  const match = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):([1-9]\d{0,4})$/.exec(text);
  return match !== null && Number(match[1]) <= 65_535 ? text : undefined;
}
