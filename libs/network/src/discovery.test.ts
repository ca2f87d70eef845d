import { setImmediate as nextTurn } from "node:timers/promises";

import { fromUtf8, utf8, type NodeId } from "@guts/primitives";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { connected, idOf, Inbox, TestNetwork, type TestNode } from "./test-support/nodes.ts";

let nodes: TestNetwork;
beforeEach(() => {
  nodes = new TestNetwork();
});
afterEach(async () => nodes[Symbol.asyncDispose]());

const within = () => AbortSignal.timeout(20_000);
const topics = ["finalized"];

/** Three validators that know each other, and an observer that knows the first. */
async function validatorsAndObserver(): Promise<readonly [readonly TestNode[], TestNode]> {
  const names = ["one", "two", "three"];
  for (const name of names) nodes.admit(name);
  nodes.admit("observer", "node");
  const validators: TestNode[] = [];
  for (const name of names)
    validators.push(await nodes.node(name, { topics, peers: validators.map(({ address }) => address) }));
  const observer = await nodes.node("observer", { topics, peers: [validators[0]!.address] });
  await Promise.all(
    validators.flatMap((one) => validators.filter((other) => other !== one).map(async ({ id }) => connected(one, id))),
  );
  await connected(observer, validators[0]!.id);
  return [validators, observer];
}

/** Asks until there is an answer: the table fills while nodes introduce themselves, and says no word when it has. */
async function eventually<Found>(ask: () => Promise<Found | undefined>): Promise<Found> {
  const deadline = within();
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    deadline.throwIfAborted();
    await nextTurn();
  }
}

describe("gossip", () => {
  test("of a validator reaches an observer that is connected with another one, once", async () => {
    const [validators, observer] = await validatorsAndObserver();
    for (const { network } of validators) network.subscribe("finalized", 1000, () => "accept");
    const heard = new Inbox<string>();
    observer.network.subscribe("finalized", 1000, (_from, bytes) => {
      heard.add(fromUtf8(bytes)!);
      return "accept";
    });
    // Gossip has no moment from which on it is ready: announcements go out until one came through, as heights do.
    let height = 0;
    const timer = setInterval(() => {
      height += 1;
      for (const { network } of validators) network.publish("finalized", utf8(`height ${height}`));
    }, 20);
    const items = await heard.has(3);
    clearInterval(timer);
    expect(new Set(items).size).toBe(items.length);
  });

  test("that is rejected goes no further and costs the neighbour points", async () => {
    const [a, b] = await nodes.pair({ topics });
    const seen = new Inbox<NodeId>();
    a.network.subscribe("finalized", 1000, () => "accept");
    b.network.subscribe("finalized", 1000, (from) => {
      seen.add(from);
      return "reject";
    });
    let count = 0;
    const timer = setInterval(() => a.network.publish("finalized", utf8(`bad ${count++}`)), 20);
    await seen.has(1);
    clearInterval(timer);
    expect(seen.items[0]).toBe(a.id);
    expect(b.misbehaviour[0]).toMatchObject({ nodeId: a.id, reason: "rejected-gossip finalized" });
  });

  test("above its topic's cap is rejected without its handler", async () => {
    const [a, b] = await nodes.pair({ topics });
    const blamed = new Inbox<number>();
    const handled: number[] = [];
    a.network.subscribe("finalized", 1000, () => "accept");
    b.network.subscribe("finalized", 10, (_from, bytes) => {
      handled.push(bytes.length);
      blamed.add(0);
      return "accept";
    });
    let count = 0;
    const timer = setInterval(() => {
      count += 1;
      a.network.publish("finalized", utf8(`${count}`.padEnd(11)));
      a.network.publish("finalized", utf8(`${count}`.padEnd(10)));
    }, 20);
    await blamed.has(2);
    clearInterval(timer);
    expect(new Set(handled)).toEqual(new Set([10]));
    expect(b.misbehaviour.length).toBeGreaterThan(0);
  });

  test("knows only the topics on its list", async () => {
    const node = await nodes.node("a", { topics });
    expect(() => node.network.publish("other", utf8("x"))).toThrow(
      expect.objectContaining({ code: "invariant-violated" }),
    );
  });
});

describe("the distributed hash table", () => {
  test("finds who provides a key, on loopback", async () => {
    const [validators, observer] = await validatorsAndObserver();
    const key = utf8("repository 7");
    const found = await eventually(async () => {
      await validators[1]!.network.provide(key, within());
      for await (const nodeId of observer.network.findProviders(key, within())) return nodeId;
      return undefined;
    });
    expect(found).toBe(validators[1]!.id);
  });

  test("finds where a node is that only others know", async () => {
    const [validators, observer] = await validatorsAndObserver();
    const [, second] = validators;
    const addresses = await eventually(async () => {
      const known = await observer.network.findPeer(second!.id, within());
      return known.length > 0 ? known : undefined;
    });
    expect(addresses).toContain(second!.address);
    await observer.network.connect(second!.id, within());
    expect(observer.network.peers().map(({ nodeId }) => nodeId)).toContain(second!.id);
  });

  test("leads to a node whose configured address is wrong", async () => {
    const [a, b] = await nodes.pair();
    nodes.admit("c");
    const port = /\/tcp\/(\d+)\//.exec(b.address)![1]!;
    const c = await nodes.node("c", { peers: [a.address, b.address.replace(port, "1")] });
    await connected(c, b.id);
    expect(c.network.metrics().dialsFailed).toBeGreaterThan(0);
  });

  test("does not find a node that nobody knows", async () => {
    const [, observer] = await validatorsAndObserver();
    expect(await observer.network.findPeer(idOf("nobody"), within())).toEqual([]);
  });

  test("answers nothing to a node without neighbours", async () => {
    const node = await nodes.node("a");
    expect(await node.network.findPeer(idOf("b"), within())).toEqual([]);
  });
});
