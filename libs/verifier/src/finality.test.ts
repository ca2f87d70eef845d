import { describe, expect, test } from "vitest";
import {
  digestOf,
  nodeIdOf,
  parsePrivateSeed,
  publicKeyOf,
  signMessage,
  utf8,
  zeroDigest,
  type Digest,
  type Height,
  type TimeMs,
} from "@guts/primitives";
import { voteBytes, type Certificate, type VoteKind } from "./certificate.ts";
import { refuseFinality } from "./finality.ts";
import { headerHash, type Header } from "./header.ts";

const seed = parsePrivateSeed(new Uint8Array(32).fill(1))!;
const networkId = digestOf("genesis", utf8("test"));
const key = publicKeyOf(seed);
const validators = [{ name: "one", consensusKey: key, nodeId: nodeIdOf(key) }];

function headerOn(parent: Digest, height: number): Header {
  const roots = {
    transactionsRoot: zeroDigest,
    resultsRoot: zeroDigest,
    stateRoot: zeroDigest,
    headersRoot: zeroDigest,
  };
  const place = { epoch: 0, view: height, height: height as Height, time: height as TimeMs, proposer: 0 };
  return {
    rulesVersion: 1,
    networkId,
    parent,
    ...place,
    ...roots,
    validatorsHash: zeroDigest,
    nextValidatorsHash: zeroDigest,
  };
}

function certificateOf(header: Header, kind: VoteKind = "finalize"): Certificate {
  const statement = { epoch: 0, kind, view: header.view, header: headerHash(header) };
  return {
    ...statement,
    votes: [{ validator: 0, signature: signMessage(seed, voteBytes({ networkId, ...statement })) }],
  };
}

const first = headerOn(networkId, 1);
const second = headerOn(headerHash(first), 2);
const third = headerOn(headerHash(second), 3);

describe("a block is final", () => {
  test("by a finalization of its own", () => {
    const finality = { certificate: certificateOf(first), descendants: [] };
    expect(refuseFinality(headerHash(first), finality, networkId, validators)).toBeUndefined();
  });

  test("by a finalization of a descendant, with the headers in between", () => {
    const finality = { certificate: certificateOf(third), descendants: [second, third] };
    expect(refuseFinality(headerHash(first), finality, networkId, validators)).toBeUndefined();
  });
});

describe("a block is not final", () => {
  test.each([
    ["by a notarization", { certificate: certificateOf(first, "notarize"), descendants: [] }, "not-a-finalization"],
    ["by another block's finalization", { certificate: certificateOf(second), descendants: [] }, "broken-chain"],
    ["when a header is missing", { certificate: certificateOf(third), descendants: [third] }, "broken-chain"],
    [
      "when headers go on behind the finalized one",
      { certificate: certificateOf(second), descendants: [second, third] },
      "broken-chain",
    ],
    ["without a quorum", { certificate: { ...certificateOf(first), votes: [] }, descendants: [] }, "no-quorum"],
  ] as const)("%s", (_what, finality, refusal) => {
    expect(refuseFinality(headerHash(first), finality, networkId, validators)).toBe(refusal);
  });
});
