// What the simulation found, as the smallest runs that show it.
import { equalBytes } from "@guts/primitives";
import { expect, test } from "vitest";
import { headerHash } from "@guts/verifier";
import { encodeMessage } from "./messages.ts";
import { TestNetwork } from "./testing/test-network.ts";

/** Four validators of which one is cut off from the start while the others finalize `lineCount` lines, one a block. */
function networkWithLaggard(lineCount: number): TestNetwork {
  const network = new TestNetwork({ validatorCount: 4 });
  network.passes = (from, to) => from !== 3 && to !== 3;
  network.start();
  for (const index of [0, 1, 2]) network.nodes[index]!.engine.setConnected(3, false);
  network.run(1_000);
  for (let line = 0; line < lineCount; line++) {
    network.submit(`line ${line}`, 0, 1, 2);
    network.run(50);
  }
  return network;
}

test("a restarted validator proves the view of its newest vote, so that one without a journal votes only above it", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(10);
  // Views end by nullification alone: no block arrives, so the newest votes are in a view that no block has led to.
  network.passes = (_from, _to, { type }) => type !== "proposal" && type !== "blockResponse";
  network.submit("one");
  network.run(4_000);
  network.restart(0);
  network.run(1);
  const status = network.nodes[0]!.sent.findLast((message) => message.type === "status");
  expect(status?.view).toBeGreaterThan(1);
  expect(status?.entry).toMatchObject({ kind: "nullify", view: status!.view - 1 });
});

test("a block that nobody notarized by name, but a descendant, may come from anyone", () => {
  const network = networkWithLaggard(3);
  // The laggard hears the leaders' votes and the last finalization, but nothing of the blocks; the first leader stays silent.
  const [first, , third] = network.nodes[0]!.chain.blocks;
  const firstLeader = first!.proposal.header.proposer;
  network.passes = (from, to) => from !== firstLeader || to !== 3;
  for (const vote of votesOf(network, headerHash(first!.proposal.header)))
    network.inject(vote.validator, 3, encodeMessage({ type: "vote", vote }));
  network.inject(0, 3, encodeMessage({ type: "certificate", certificate: third!.certificate }));
  network.run(20_000);
  expect(network.nodes[3]!.chain.lines.slice(0, 3)).toEqual(["line 0", "line 1", "line 2"]);
  expect(network.nodes.flatMap(({ misbehaviours }) => misbehaviours)).toEqual([]);
});

/** The votes for a block that its proposer sent. */
function votesOf(network: TestNetwork, hash: Uint8Array) {
  return network.nodes.flatMap(({ sent }) =>
    sent.flatMap((message) =>
      message.type === "proposal" && equalBytes(message.vote.header, hash) ? [message.vote] : [],
    ),
  );
}
