/** Signed pushes at a vote: the nonce in a certificate names a block, final or not yet, of the chain that is voted on. */
import {
  BlockExecution,
  encodeBody,
  factsVersion,
  ForgeState,
  placementAllValidators,
  type CertifiedUpdate,
  type ParentBlock,
} from "@guts/ledger";
import type { Proposal } from "@guts/consensus";
import {
  parseRefName,
  parseRepositoryName,
  zeroObjectId,
  type Digest,
  type Height,
  type ObjectId,
  type PrivateSeed,
  type RepositoryId,
} from "@guts/primitives";
import { certificateText, signCertificate } from "@guts/testing";
import { headerHash } from "@guts/verifier";
import { afterEach, beforeEach, expect, test } from "vitest";

import { NetworkOfStores, type TestNode } from "./network-of-stores.fixture.ts";

let network: NetworkOfStores;
let leader: TestNode;
let voter: TestNode;
let seed: PrivateSeed;
const own = { isOwn: true, isFinal: () => false };
const repository = 1 as RepositoryId;

beforeEach(() => {
  network = new NetworkOfStores();
  [leader, voter] = [network.addNode(), network.addNode()];
  const ada = network.signUp("ada");
  ({ seed } = ada);
  finalize(ada.raw);
  const name = parseRepositoryName("engine")!;
  const optional = { defaultBranch: undefined, description: undefined, homepage: undefined };
  const terms = { owner: 1, name, visibility: "public", objectFormat: "sha1", ...optional } as const;
  finalize(network.envelope({ kind: "repository.create", payload: terms }, 1, seed));
});
afterEach(() => network[Symbol.dispose]());

/** Makes a transaction final at both nodes, in a block of its own. */
function finalize(raw: Uint8Array): void {
  leader.pool.add(raw, new Map(), own);
  const proposal = network.propose(leader);
  expect(voter.execution.execute(proposal)).toEqual({ outcome: "valid" });
  for (const node of [leader, voter]) node.execution.commit(proposal, network.finalize(proposal.header));
  for (const { transactionId } of leader.applied.at(-1)!.block.results) leader.pool.remove(transactionId);
}

/** A push to a new branch that ada's git signed when `block` was the newest. */
function signedPush(block: Pick<ParentBlock, "height" | "hash">): Uint8Array {
  const { ledger } = network;
  const { state } = leader.chain;
  const update: CertifiedUpdate = {
    name: parseRefName("refs/heads/main")!,
    oldId: zeroObjectId("sha1"),
    newId: "1".repeat(40) as ObjectId,
    isFastForward: false,
    hasMerges: false,
    newType: "commit",
  };
  const updates = [update];
  const terms = { epoch: 0, placement: placementAllValidators, factsVersion, baseHeight: 0 as Height };
  const statement = { ...terms, expiresHeight: 100 as Height };
  const signatures = ledger.certify({ networkId: ledger.networkId, repository, updates, packs: [], ...statement });
  const receipt = { ...statement, signatures };
  const payload = { repository, isAtomic: true, updates, packs: [], pushOptions: [], receipt };
  const place = { networkId: ledger.networkId, tip: { ...state.tip, ...block }, forge: new ForgeState(state) };
  const certificate = signCertificate(certificateText(place, repository, updates), seed);
  const signer = { type: "push-certificate", certificate } as const;
  const command = { command: { kind: "refs.change", payload }, account: 1, signer, node: ledger.nodes[0] } as const;
  return ledger.envelopeOf(command, ledger.bodyOf(command, state.tip.time));
}

const isIncluded = ({ body }: Proposal, raw: Uint8Array) => Buffer.from(body).includes(Buffer.from(raw));

test("a push that names a final block, or one that its own block is built upon, is voted for", () => {
  const waiting = network.propose(leader);
  for (const { header, hash } of [leader.chain.state.block(1 as Height)!, waiting]) {
    const raw = signedPush({ height: header.height, hash });
    expect(leader.pool.add(raw, new Map(), own)).toBe("added");
    const proposal = network.propose(leader, waiting.hash);
    expect(isIncluded(proposal, raw)).toBe(true);
    voter.execution.execute(waiting);
    expect(voter.execution.execute(proposal)).toEqual({ outcome: "valid" });
    for (const { id } of [...leader.pool.pending()]) leader.pool.remove(id);
  }
});

test("a push that names a block of no or another chain is left out, and not voted for when a leader takes it", () => {
  const [waiting, sibling] = [network.propose(leader), network.propose(leader)];
  const unknown = { height: 1 as Height, hash: new Uint8Array(32).fill(9) as Digest };
  for (const block of [unknown, { height: sibling.header.height, hash: sibling.hash }]) {
    const raw = signedPush(block);
    leader.pool.add(raw, new Map(), own);
    expect(isIncluded(network.propose(leader, waiting.hash), raw)).toBe(false);
    const lie = proposeUnasked(raw);
    expect(voter.execution.execute(lie)).toEqual({ outcome: "invalid", code: "push-nonce-unknown" });
  }
});

/** What a leader proposes who does not compare. */
function proposeUnasked(raw: Uint8Array): Proposal {
  const { state } = leader.chain;
  const { tip, networkId } = state;
  const { parent: _parent, ...at } = network.place(tip.hash);
  const execution = new BlockExecution(state, { networkId, ...at, parent: tip });
  expect(execution.add(raw, new Map(), true).outcome).toBe("applied");
  const block = execution.seal();
  return { header: block.header, body: encodeBody(block), hash: headerHash(block.header) };
}
