import { describe, expect, test } from "vitest";
import {
  decode,
  digestOf,
  encode,
  nodeIdOf,
  parsePrivateSeed,
  publicKeyOf,
  signMessage,
  utf8,
  zeroDigest,
  type Height,
  type TimeMs,
} from "@guts/primitives";
import { voteBytes } from "./certificate.ts";
import { headerHash, type Header } from "./header.ts";
import { merkleBranch, merkleLeaf, merkleRoot } from "./merkle.ts";
import {
  refuseTransactionProof,
  resultLeaf,
  transactionProofCodec,
  type TransactionProof,
} from "./transaction-proof.ts";
import { validatorsHash } from "./validator-set.ts";

const seed = parsePrivateSeed(new Uint8Array(32).fill(1))!;
const networkId = digestOf("genesis", utf8("test"));
const key = publicKeyOf(seed);
const validators = [{ name: "one", consensusKey: key, nodeId: nodeIdOf(key) }];
const envelopes = ["first", "second", "third"].map(utf8);
const records = ["did", "was", "done"].map(utf8);

function headerOf(changes: Partial<Header> = {}): Header {
  const place = { epoch: 0, view: 4, height: 4 as Height, time: 4 as TimeMs, proposer: 0 };
  return {
    rulesVersion: 1,
    networkId,
    parent: zeroDigest,
    ...place,
    transactionsRoot: merkleRoot(envelopes.map(merkleLeaf)),
    resultsRoot: merkleRoot(records.map(resultLeaf)),
    stateRoot: zeroDigest,
    headersRoot: zeroDigest,
    validatorsHash: validatorsHash(validators),
    nextValidatorsHash: validatorsHash(validators),
    ...changes,
  };
}

function proofOf(index: number, header = headerOf()): TransactionProof {
  const statement = { epoch: 0, kind: "finalize" as const, view: header.view, header: headerHash(header) };
  const signature = signMessage(seed, voteBytes({ networkId, ...statement }));
  return {
    header,
    finality: { certificate: { ...statement, votes: [{ validator: 0, signature }] }, descendants: [] },
    index,
    count: envelopes.length,
    envelope: envelopes[index]!,
    envelopeBranch: merkleBranch(envelopes.map(merkleLeaf), index),
    record: records[index]!,
    recordBranch: merkleBranch(records.map(resultLeaf), index),
  };
}

const refuse = (proof: TransactionProof) => refuseTransactionProof(proof, networkId, validators);

test("a proof holds for each transaction of a final block, also after it went over the wire", () => {
  for (const index of envelopes.keys()) {
    const proof = proofOf(index);
    expect(refuse(proof)).toBeUndefined();
    expect(refuse(decode(transactionProofCodec, encode(transactionProofCodec, proof)))).toBeUndefined();
  }
});

describe("a proof is refused", () => {
  const proof = proofOf(1);
  const otherNetwork = headerOf({ networkId: zeroDigest });
  const otherValidators = headerOf({ validatorsHash: zeroDigest });
  test.each([
    ["of another network", proofOf(1, otherNetwork), "wrong-network"],
    ["of other validators", proofOf(1, otherValidators), "validators-changed"],
    ["of a transaction that is not there", { ...proof, envelope: utf8("forged") }, "transaction-not-in-block"],
    ["of another place", { ...proof, index: 0 }, "transaction-not-in-block"],
    ["of a place behind the last", { ...proof, index: 3 }, "transaction-not-in-block"],
    ["with another result", { ...proof, record: records[0]! }, "result-not-in-block"],
    [
      "with a branch that is too long",
      { ...proof, recordBranch: [...proof.recordBranch, zeroDigest] },
      "result-not-in-block",
    ],
    [
      "without a quorum",
      { ...proof, finality: { ...proof.finality, certificate: { ...proof.finality.certificate, votes: [] } } },
      "no-quorum",
    ],
    ["of another block's finality", { ...proof, finality: proofOf(1, headerOf({ view: 5 })).finality }, "broken-chain"],
  ] as const)("%s", (_what, forged, refusal) => {
    expect(refuse(forged)).toBe(refusal);
  });
});
