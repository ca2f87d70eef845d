import { expect, test } from "vitest";
import { TestNetwork } from "./testing/test-network.ts";

/** Every chain is a prefix of the longest. */
function expectOneChain(network: TestNetwork): void {
  const longest = network.nodes.map(({ chain }) => chain.lines).sort((left, right) => right.length - left.length)[0]!;
  for (const { chain } of network.nodes) expect(longest.slice(0, chain.lines.length)).toEqual(chain.lines);
}

test("four validators finalize with one down, and skip it as leader once it is known to be away", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(10);
  network.stop(2);
  for (const index of [0, 1, 3]) network.nodes[index]!.engine.setConnected(2, false);
  network.run(1_000);
  for (let round = 0; round < 8; round++) {
    network.submit(`line ${round}`);
    network.run(50);
    for (const index of [0, 1, 3]) expect(network.nodes[index]!.chain.lines).toHaveLength(round + 1);
  }
});

test("four validators finalize with one silent within its view's time, unless they have heard nothing of it for long", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(10);
  network.passes = (from) => from !== 1; // The leader of view 1, whose connections stay up.
  network.submit("one");
  network.run(990);
  expect(network.heights()).toEqual([0, 0, 0, 0]);
  network.run(30);
  expect([0, 2, 3].map((index) => network.heights()[index])).toEqual([1, 1, 1]);
  network.run(15_000);
  for (let round = 0; round < 8; round++) {
    network.submit(`line ${round}`);
    network.run(50);
    expect(network.nodes[0]!.chain.lines).toHaveLength(round + 2);
  }
  expectOneChain(network);
});

test("three validators stop with one down, lose nothing, and go on when it is back", () => {
  const network = new TestNetwork({ validatorCount: 3 });
  network.start();
  network.run(10);
  network.submit("before");
  network.run(10);
  network.stop(0);
  network.submit("during", 1, 2);
  network.run(120_000);
  expect([1, 2].map((index) => network.nodes[index]!.chain.lines)).toEqual([["before"], ["before"]]);
  network.restart(0);
  network.run(40_000);
  expect(network.nodes.map(({ chain }) => chain.lines)).toEqual(network.nodes.map(() => ["before", "during"]));
});

test("a partition of two and two stops, and heals into one chain", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(10);
  network.passes = (from, to) => from < 2 === to < 2;
  network.submit("left", 0, 1);
  network.submit("right", 2, 3);
  network.run(60_000);
  expect(network.heights()).toEqual([0, 0, 0, 0]);
  network.passes = () => true;
  for (const { chain, engine } of network.nodes) {
    chain.pool.splice(0, 9, "left", "right");
    engine.setPending(true);
  }
  network.run(10_000);
  expectOneChain(network);
  for (const { chain } of network.nodes) expect([...chain.lines].sort()).toEqual(["left", "right"]);
});

test.each([0.1, 0.3])("a share of %d of all messages is lost, and every line is final in one order", (share) => {
  const network = new TestNetwork({ validatorCount: 4 });
  let seed = 42;
  network.passes = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648 > share;
  };
  network.start();
  for (let round = 0; round < 30; round++) {
    network.submit(`line ${round}`);
    network.run(200);
  }
  network.run(60_000);
  expectOneChain(network);
  for (const { chain } of network.nodes) expect(new Set(chain.lines).size).toBe(30);
});

test("a node that was away for a few blocks gets them from its peers by hash", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(10);
  network.passes = (from, to) => from !== 3 && to !== 3;
  for (let round = 0; round < 5; round++) {
    network.submit(`line ${round}`, 0, 1, 2);
    network.run(2_000);
  }
  const { height } = network.nodes[0]!.chain.tip;
  expect(network.nodes[3]!.chain.tip.height).toBe(0);
  network.passes = () => true;
  network.run(6_000);
  expect(network.nodes[3]!.chain.tip.height).toBeGreaterThanOrEqual(height);
  expect(network.nodes[3]!.behind).toEqual([]);
  expectOneChain(network);
});

test("a node that was away for long asks its host to sync, and follows from where the host says", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.hasBlockSync = false;
  network.start();
  network.run(10);
  network.passes = (from, to) => from !== 3 && to !== 3;
  for (let round = 0; round < 30; round++) {
    network.submit(`line ${round}`, 0, 1, 2);
    network.run(1_100);
  }
  network.passes = () => true;
  network.run(6_000);
  const late = network.nodes[3]!;
  expect(late.chain.tip.height).toBe(0);
  expect(late.behind.at(-1)!.height).toBe(network.nodes[0]!.chain.tip.height);
  network.syncFrom(0, 3);
  network.run(100);
  network.submit("after");
  network.run(5_000);
  for (const { chain } of network.nodes) expect(chain.lines.at(-1)).toBe("after");
});

test("observers follow and never vote", () => {
  const network = new TestNetwork({ validatorCount: 4, observerCount: 2 });
  network.start();
  network.run(10);
  network.submit("seen", 0, 1, 2, 3);
  network.run(100);
  for (const { chain } of network.nodes) expect(chain.lines).toEqual(["seen"]);
  for (const { sent } of network.nodes.slice(4))
    expect(sent.some(({ type }) => type === "vote" || type === "proposal")).toBe(false);
});

test("a validator whose clock is ten seconds off neither stops the network nor leads it", () => {
  const network = new TestNetwork({ validatorCount: 4, skewMs: (index) => (index === 2 ? 10_000 : 0) });
  network.start();
  network.run(10);
  for (let round = 0; round < 12; round++) {
    network.submit(`line ${round}`);
    network.run(100);
  }
  network.run(5_000);
  for (const { chain } of network.nodes) {
    expect(chain.lines).toHaveLength(12);
    expect(chain.blocks.some(({ proposal }) => proposal.header.proposer === 2)).toBe(false);
  }
});

test("a proposal that is invalid is nullified at once, and the line that was wrong stays out", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(10);
  network.submit("invalid", 1); // Only its leader of view 1 has it.
  network.submit("valid", 0, 2, 3);
  network.run(50);
  for (const { chain } of network.nodes) expect(chain.lines).toEqual(["valid"]);
});

test("a node that alone calls a block invalid says that it has diverged", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.nodes[3]!.chain.forbidden.add("fine");
  network.start();
  network.run(10);
  network.submit("fine");
  network.run(1_000);
  expect(network.nodes[3]!.diverged).toEqual(["forbidden"]);
  expect(network.heights()).toEqual([1, 1, 1, 0]);
});
