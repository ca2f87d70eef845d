import { readFileSync } from "node:fs";
import { join } from "node:path";
import { placementAllValidators } from "@guts/ledger";
import { decode, encode, fromHex, publicKeyOf, nodeIdOf, toHex, type Codec } from "@guts/primitives";
import { expect, test } from "vitest";
import { grantBytes } from "./grant.ts";
import {
  grantCodec,
  GrantBook,
  objectsAnswerCodec,
  objectsRequestCodec,
  packAnswerCodec,
  packOfferAnswerCodec,
  packOfferCodec,
  packOfferRequestCodec,
  packRequestCodec,
  receiptAnswerCodec,
  receiptRequestCodec,
  signedGrantCodec,
} from "./index.ts";
import { provePeer } from "./pack-request.ts";
import { seedOf } from "./testing.fixture.ts";

/** Committed once; whoever has to change them has changed the protocol. */
const path = join(import.meta.dirname, "../../../docs/protocol/fixtures/replication-v1/messages.json");
const fixtures = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, string>>;

const filled = (byte: number) => new Uint8Array(32).fill(byte) as never;
const grants = new GrantBook({
  networkId: filled(1),
  nodeId: nodeIdOf(publicKeyOf(seedOf(2))),
  nodeSeed: seedOf(2),
  certificate: filled(3),
  nowMs: () => 1_700_000_000_000,
  random: (length) => new Uint8Array(length).fill(4),
});
const pack = { sha256: filled(5), sizeBytes: 1_000 };
const peer = nodeIdOf(publicKeyOf(seedOf(6)));
const signed = grants.issue({ peer, repository: 7 as never, pack, offset: 8 });
const offer = { signed, addresses: ["127.0.0.1:3004", "[::1]:3004", "git.example.org:443"] };
const proof = provePeer(seedOf(6), { signed, offset: 9, binding: filled(10) });
const id = (digit: string, length = 40) => digit.repeat(length) as never;
const statement = {
  networkId: filled(1),
  epoch: 0,
  repository: 7 as never,
  placement: placementAllValidators,
  factsVersion: 1,
  updates: [
    {
      name: "refs/heads/main" as never,
      oldId: id("a"),
      newId: id("b"),
      isFastForward: true,
      newType: "commit" as const,
    },
  ],
  packs: [pack],
  baseHeight: 11 as never,
  expiresHeight: 10_011 as never,
};

const messages: Readonly<Record<string, readonly [Codec<never>, unknown]>> = {
  grant: [grantCodec, signed.grant],
  "signed grant": [signedGrantCodec, signed],
  offer: [packOfferCodec, offer],
  "pack request": [packRequestCodec, { signed, offset: 9, proof }],
  "pack request on a stream": [packRequestCodec, { signed, offset: 9, proof: undefined }],
  "pack answer: sending": [packAnswerCodec, { type: "sending", bytes: 991 }],
  "pack answer: refused": [packAnswerCodec, { type: "refused", reason: "pack-gone" }],
  "receipt request": [receiptRequestCodec, { statement, offers: [offer] }],
  "receipt answer: signed": [receiptAnswerCodec, { type: "signed", signature: proof }],
  "receipt answer: refused": [
    receiptAnswerCodec,
    { type: "refused", code: "facts-differ", detail: "for refs/heads/main" },
  ],
  "offer request": [packOfferRequestCodec, { repository: 7, pack, offset: 8 }],
  "offer answer: offered": [packOfferAnswerCodec, { type: "offered", offer }],
  "offer answer: refused": [packOfferAnswerCodec, { type: "refused", code: "not-here" }],
  "objects request": [
    objectsRequestCodec,
    { repository: 7, wants: [id("c")], haves: [id("d", 64)], isThinAllowed: true },
  ],
  "objects answer: offered": [objectsAnswerCodec, { type: "offered", offer }],
  "objects answer: preparing": [objectsAnswerCodec, { type: "preparing", retryMs: 500 }],
  "objects answer: refused": [objectsAnswerCodec, { type: "refused", code: "busy" }],
} as never;

test("there is a fixture for every message", () => {
  expect(Object.keys(fixtures)).toEqual([...Object.keys(messages), "under a grant's signature"]);
});

test.each(Object.entries(messages))(
  "%s is the bytes that are committed, and the bytes are it",
  (name, [codec, value]) => {
    expect(toHex(encode(codec, value as never))).toBe(fixtures[name]);
    expect(decode(codec, fromHex(fixtures[name]!)!)).toEqual(value);
  },
);

test("a grant is signed in its domain", () => {
  expect(toHex(grantBytes(signed.grant))).toBe(fixtures["under a grant's signature"]);
});
