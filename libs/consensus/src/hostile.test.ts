import { describe, expect, test } from "vitest";
import { digestOf, utf8, zeroDigest, type Digest, type Signature, type TimeMs } from "@guts/primitives";
import { headerHash, type Certificate, type VoteKind } from "@guts/verifier";
import { leaderOf } from "./core/terms.ts";
import { statementOf, verifyEvidence, type SignedVote } from "./evidence.ts";
import { bodyBytesMax, frameBytesMax, queuedFramesMax } from "./limits.ts";
import { encodeMessage, type Message } from "./messages.ts";
import { headerOn, networkId } from "./testing/text-chain.ts";
import { cheapSignatures, TestNetwork } from "./testing/test-network.ts";

const blockA = digestOf("header", utf8("a"));
const blockB = digestOf("header", utf8("b"));

function vote(validator: number, kind: VoteKind, view: number, header: Digest = zeroDigest): SignedVote {
  return voteOfEpoch(0, validator, { kind, view, header });
}

function voteOfEpoch(
  epoch: number,
  validator: number,
  { kind, view, header }: Pick<SignedVote, "kind" | "view" | "header">,
): SignedVote {
  const terms = { kind, epoch, view, header };
  return { ...terms, validator, signature: cheapSignatures(validator).sign(statementOf(networkId, terms)) };
}

function certificate(kind: VoteKind, view: number, header: Digest, signers = [0, 1, 2]): Certificate {
  const votes = signers.map((validator) => ({
    validator,
    signature: vote(validator, kind, view, header).signature,
  }));
  return { epoch: 0, kind, view, header, votes };
}

/** A proposal of the leader of `view` on genesis, or on another parent. */
function proposal(view: number, body: string, changes: { parent?: Digest; time?: number } = {}): Message {
  const leader = leaderOf(view, { epoch: 0, validatorCount: 4 });
  const place = { parent: networkId, epoch: 0, view, proposer: leader, time: 1_000_010 as TimeMs, ...changes };
  const header = headerOn(0, place as never, utf8(body));
  return {
    type: "proposal",
    parentView: 0,
    header,
    body: utf8(body),
    vote: vote(leader, "notarize", view, headerHash(header)),
  };
}

/** Four validators of which the test plays 1; the others are silent towards it. */
function networkWithout1(): TestNetwork {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start(0, 2, 3);
  network.run(1_000); // They vote from here.
  return network;
}

const say = (network: TestNetwork, message: Message, from = 1, to = 0): void => {
  network.inject(from, to, encodeMessage(message));
  network.run(1);
};

const reasons = (network: TestNetwork, index = 0) => network.nodes[index]!.misbehaviours.map(([, reason]) => reason);

describe("evidence", () => {
  test("two proposals of one view convict their leader, once, and anybody can check it", () => {
    const network = networkWithout1();
    for (const body of ["a", "b", "c"]) say(network, proposal(1, body));
    const { evidence, misbehaviours } = network.nodes[0]!;
    expect(evidence).toHaveLength(1);
    expect(evidence[0]!.first.validator).toBe(1);
    expect(verifyEvidence(evidence[0]!, networkId, cheapSignatures(0))).toBe(true);
    expect(misbehaviours).toEqual([]);
  });

  test("a vote in a certificate convicts a validator that told this node something else", () => {
    const network = networkWithout1();
    say(network, { type: "vote", vote: vote(1, "notarize", 2, blockA) });
    say(network, { type: "certificate", certificate: certificate("notarize", 2, blockB, [1, 2, 3]) }, 2);
    expect(network.nodes[0]!.evidence.map(({ first }) => first.validator)).toEqual([1]);
  });

  test("nullifying and finalizing one view convicts, nullifying and notarizing it does not", () => {
    const network = networkWithout1();
    say(network, { type: "vote", vote: vote(1, "nullify", 2) });
    say(network, { type: "vote", vote: vote(1, "notarize", 2, blockA) });
    expect(network.nodes[0]!.evidence).toEqual([]);
    say(network, { type: "vote", vote: vote(1, "finalize", 2, blockA) });
    expect(network.nodes[0]!.evidence).toHaveLength(1);
  });

  test.each([
    ["of one vote twice", vote(1, "notarize", 2, blockA), vote(1, "notarize", 2, blockA)],
    ["of two views", vote(1, "notarize", 2, blockA), vote(1, "notarize", 3, blockB)],
    ["of two epochs", vote(1, "notarize", 2, blockA), voteOfEpoch(1, 1, { kind: "notarize", view: 2, header: blockB })],
    ["of two validators", vote(1, "notarize", 2, blockA), vote(2, "notarize", 2, blockB)],
    ["of a view nullified twice", vote(1, "nullify", 2), vote(1, "nullify", 2)],
    ["that is forged", vote(1, "notarize", 2, blockA), { ...vote(2, "notarize", 2, blockB), validator: 1 }],
  ] as const)("%s is none", (_what, first, second) => {
    expect(verifyEvidence({ first, second }, networkId, cheapSignatures(0))).toBe(false);
  });
});

describe("a peer is reported that sends", () => {
  test.each<[string, Message, string, number]>([
    ["another's vote", { type: "vote", vote: vote(2, "nullify", 1) }, "impersonation", 1],
    ["a vote of nobody", { type: "vote", vote: vote(7, "nullify", 1) }, "impersonation", 1],
    ["a vote as no validator", { type: "vote", vote: vote(7, "nullify", 1) }, "wrong-signature", 7],
    [
      "a vote of another epoch",
      { type: "vote", vote: voteOfEpoch(9, 1, { kind: "nullify", view: 1, header: zeroDigest }) },
      "wrong-epoch",
      1,
    ],
    [
      "a forged vote",
      { type: "vote", vote: { ...vote(1, "nullify", 1), signature: new Uint8Array(64) as Signature } },
      "wrong-signature",
      1,
    ],
    ["a nullify vote for a block", { type: "vote", vote: vote(1, "nullify", 1, blockA) }, "malformed", 1],
    ["a finalize vote for nothing", { type: "vote", vote: vote(1, "finalize", 1) }, "malformed", 1],
    ["a proposal in another's view", proposal(2, "x"), "not-the-leader", 1],
    [
      "a certificate without a quorum",
      { type: "certificate", certificate: certificate("nullify", 1, zeroDigest, [0, 1]) },
      "wrong-certificate",
      1,
    ],
    [
      "a certificate with a signer twice",
      { type: "certificate", certificate: certificate("nullify", 1, zeroDigest, [0, 1, 1]) },
      "wrong-certificate",
      1,
    ],
    [
      "a certificate out of order",
      { type: "certificate", certificate: certificate("nullify", 1, zeroDigest, [0, 2, 1]) },
      "wrong-certificate",
      1,
    ],
    [
      "a certificate with a stranger",
      { type: "certificate", certificate: certificate("nullify", 1, zeroDigest, [0, 1, 4]) },
      "wrong-certificate",
      1,
    ],
    [
      "a nullification of a block",
      { type: "certificate", certificate: certificate("nullify", 1, blockA) },
      "wrong-certificate",
      1,
    ],
    ["a certificate of view 0", { type: "certificate", certificate: certificate("notarize", 0, blockA) }, "none", 1],
  ])("%s", (_what, message, reason, from) => {
    const network = networkWithout1();
    say(network, message, from);
    expect(reasons(network)).toEqual(reason === "none" ? [] : [reason]);
    expect(network.nodes[0]!.engine.status().view).toBe(1);
  });

  test("bytes that are no message", () => {
    const network = networkWithout1();
    network.inject(1, 0, utf8("hello"));
    network.inject(1, 0, new Uint8Array(0));
    network.inject(1, 0, new Uint8Array(frameBytesMax + 1));
    network.run(1);
    expect(reasons(network)).toEqual(["malformed", "malformed", "malformed"]);
  });

  test("more frames than a turn can take, which are dropped", () => {
    const network = networkWithout1();
    const frame = encodeMessage({ type: "vote", vote: vote(1, "nullify", 1) });
    for (let index = 0; index <= queuedFramesMax; index++) network.inject(1, 0, frame);
    expect(reasons(network)).toEqual(["flooding"]);
    network.run(10);
    expect(reasons(network)).toEqual(["flooding"]);
  });

  test("a body that its header does not commit to, and the right one is had from another", () => {
    const network = networkWithout1();
    const right = proposal(1, "right");
    for (const to of [2, 3]) say(network, right, 1, to);
    say(network, { ...right, body: utf8("wrong") } as Message);
    expect(reasons(network)).toEqual(["wrong-body"]);
    say(network, { type: "vote", vote: (right as never as { vote: SignedVote }).vote }, 1, 0);
    // With the leader's own vote two validators make a quorum of three; the first gets the block from them.
    network.run(20);
    expect(network.nodes[0]!.chain.lines).toEqual(["right"]);
  });
});

describe("a proposal gets no vote", () => {
  test.each([
    ["on a parent that nobody notarized", { parent: blockA }],
    ["from the past", { time: 990_000 }],
    ["from the future", { time: 1_010_000 }],
    ["as old as its parent", { time: 1_000_000 }],
  ])("%s", (_what, changes) => {
    const network = networkWithout1();
    say(network, proposal(1, "x", changes));
    network.run(5);
    const votes = network.nodes[0]!.sent.filter((message) => message.type === "vote");
    expect(votes.some(({ vote }) => vote.kind === "notarize")).toBe(false);
  });

  test("that skips a view which a quorum may have finalized", () => {
    const network = networkWithout1();
    // View 1 was notarized, so view 2 must build on it; its leader builds on genesis.
    say(network, { type: "certificate", certificate: certificate("notarize", 1, blockA, [1, 2, 3]) }, 3);
    say(network, proposal(2, "fork"), 2);
    network.run(900);
    const votes = network.nodes[0]!.sent.filter((message) => message.type === "vote");
    expect(votes.filter(({ vote }) => vote.view === 2 && vote.kind === "notarize")).toEqual([]);
  });
});

describe("what one peer says cannot", () => {
  test("move a node to a view that no certificate proves", () => {
    const network = networkWithout1();
    for (const view of [5, 100, 2 ** 52]) {
      say(network, { type: "vote", vote: vote(1, "notarize", view, blockA) });
      say(network, { ...({ type: "status", epoch: 0, view } as const), ...emptyStatus });
    }
    expect(network.nodes[0]!.engine.status().view).toBe(1);
  });

  test("make it keep votes of far views: a certificate moves it there, and votes below are forgotten", () => {
    const network = networkWithout1();
    say(network, { type: "certificate", certificate: certificate("nullify", 1_000_000, zeroDigest, [1, 2, 3]) });
    expect(network.nodes[0]!.engine.status().view).toBe(1_000_001);
  });

  test("get blocks without end", () => {
    const network = networkWithout1();
    const big = "x".repeat(bodyBytesMax / 4);
    say(network, proposal(1, big));
    network.run(1);
    const { hash } = { hash: headerHash((proposal(1, big) as never as { header: never }).header) };
    let answered = 0;
    network.passes = (from, to, { type }) => {
      if (from === 0 && to === 1 && type === "blockResponse") answered++;
      return true;
    };
    for (let index = 0; index < 100; index++) say(network, { type: "blockRequest", epoch: 0, hash });
    network.run(1);
    expect(answered).toBeGreaterThan(10);
    expect(answered).toBeLessThan(30);
  });

  test("fork a node: two finalizations of one view stop it", () => {
    const network = networkWithout1();
    say(network, { type: "certificate", certificate: certificate("finalize", 1, blockA, [1, 2, 3]) });
    network.inject(
      2,
      0,
      encodeMessage({ type: "certificate", certificate: certificate("finalize", 1, blockB, [1, 2, 3]) }),
    );
    expect(() => network.run(1)).toThrow(expect.objectContaining({ code: "invariant-violated" }));
  });
});

const emptyStatus = { entry: undefined, tip: undefined, question: undefined, answer: undefined };
