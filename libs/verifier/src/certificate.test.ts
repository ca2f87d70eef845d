import { describe, expect, test } from "vitest";
import { digestOf, nodeIdOf, parsePrivateSeed, publicKeyOf, signMessage, utf8, zeroDigest } from "@guts/primitives";
import { refuseCertificate, voteBytes, type Certificate } from "./certificate.ts";
import { quorumOf, validatorsHash, type Validator } from "./validator-set.ts";

const seeds = Array.from({ length: 10 }, (_, index) => parsePrivateSeed(new Uint8Array(32).fill(index + 1))!);
const networkId = digestOf("genesis", utf8("test"));
const header = digestOf("header", utf8("block"));
const terms = { epoch: 0, kind: "finalize", view: 7, header } as const;

function validatorsOf(count: number): readonly Validator[] {
  return seeds.slice(0, count).map((seed, index) => {
    const key = publicKeyOf(seed);
    return { name: `v${index}`, consensusKey: key, nodeId: nodeIdOf(key) };
  });
}

function certificateBy(signers: readonly number[], changes: Partial<Certificate> = {}): Certificate {
  const message = voteBytes({ networkId, ...terms });
  const vote = (index: number) => ({ validator: index, signature: signMessage(seeds[index % 10]!, message) });
  return { ...terms, votes: signers.map(vote), ...changes };
}

describe("a quorum", () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 3],
    [5, 4],
    [6, 5],
    [7, 5],
    [8, 6],
    [9, 7],
    [10, 7],
  ])("of %i validators is %i", (count, quorum) => {
    expect(quorumOf(count)).toBe(quorum);
    const faulty = Math.floor((count - 1) / 3);
    // Two quorums share more validators than can be faulty, and the honest ones suffice.
    expect(2 * quorum - count).toBeGreaterThan(faulty);
    expect(count - faulty).toBeGreaterThanOrEqual(quorum);
  });

  test.each([1, 2, 3, 4, 7, 10])("of %i validators binds, one signature less does not", (count) => {
    const validators = validatorsOf(count);
    const enough = Array.from({ length: quorumOf(count) }, (_, index) => index);
    expect(refuseCertificate(certificateBy(enough), networkId, validators)).toBeUndefined();
    expect(refuseCertificate(certificateBy(enough.slice(1)), networkId, validators)).toBe("no-quorum");
  });
});

describe("a certificate is refused", () => {
  const validators = validatorsOf(4);

  test.each([
    ["out of order", [0, 2, 1], "unordered-votes"],
    ["with one validator twice", [0, 1, 1], "unordered-votes"],
    ["with a validator that is none", [0, 1, 4], "unknown-validator"],
  ] as const)("%s", (_what, signers, refusal) => {
    expect(refuseCertificate(certificateBy(signers), networkId, validators)).toBe(refusal);
  });

  test("when any of its signatures is wrong, even beyond the quorum", () => {
    const forged = certificateBy([0, 1, 2, 3]);
    const votes = forged.votes.map((vote) => (vote.validator === 3 ? { ...forged.votes[0]!, validator: 3 } : vote));
    expect(refuseCertificate({ ...forged, votes }, networkId, validators)).toBe("wrong-signature");
  });

  test.each([
    ["kind", { kind: "notarize" }],
    ["view", { view: 8 }],
    ["epoch", { epoch: 1 }],
    ["block", { header: zeroDigest }],
  ] as const)("for another %s", (_what, changes) => {
    expect(refuseCertificate(certificateBy([0, 1, 2], changes), networkId, validators)).toBe("wrong-signature");
  });

  test("on another network, or by another set of validators", () => {
    const certificate = certificateBy([0, 1, 2]);
    expect(refuseCertificate(certificate, header, validators)).toBe("wrong-signature");
    expect(refuseCertificate(certificate, networkId, validators.toReversed())).toBe("wrong-signature");
    expect(refuseCertificate(certificateBy([]), networkId, [])).toBe("no-quorum");
    expect(refuseCertificate(certificateBy([0]), networkId, [])).toBe("unknown-validator");
  });
});

test("a set's hash fixes its order, names and keys", () => {
  const validators = validatorsOf(3);
  const renamed = validators.map((validator) => ({ ...validator, name: `${validator.name}!` }));
  const hashes = [validators, validators.toReversed(), validators.slice(1), renamed].map(validatorsHash);
  expect(new Set(hashes.map(String)).size).toBe(4);
});
