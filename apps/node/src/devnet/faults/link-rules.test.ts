import { describe, expect, test } from "vitest";

import { LinkRules, parseFault, type FaultCommand } from "./link-rules.ts";

const nodes = ["node0", "node1", "node2", "node3"];

function rulesAfter(...commands: readonly string[]): readonly string[] {
  const rules = new LinkRules();
  for (const words of commands) {
    const command = parseFault(words.split(" "), nodes);
    if (typeof command === "string") throw new RangeError(command);
    rules.apply(command, nodes);
  }
  return rules.describe(nodes);
}

describe("the links of a devnet", () => {
  test("are well until somebody says otherwise, and again once they are healed", () => {
    expect(rulesAfter()).toEqual([]);
    expect(rulesAfter("partition node0", "delay node1 5ms", "heal")).toEqual([]);
  });

  test("of one node are cut from all others, or from those that are named, in both directions", () => {
    expect(rulesAfter("partition node1")).toEqual(["node0 - node1: cut", "node1 - node2: cut", "node1 - node3: cut"]);
    expect(rulesAfter("partition node3 node0,node1")).toEqual(["node0 - node3: cut", "node1 - node3: cut"]);
    const rules = new LinkRules();
    rules.apply(parseFault(["partition", "node3", "node0"], nodes) as FaultCommand, nodes);
    expect([rules.ruleOf("node3", "node0").isCut, rules.ruleOf("node0", "node3").isCut]).toEqual([true, true]);
  });

  test("keep their delay when they are cut, and lose both with the node that is healed", () => {
    expect(rulesAfter("delay node0,node1 20ms", "partition node0 node1", "heal node1")).toEqual([
      "node0 - node2: 20 ms each way",
      "node0 - node3: 20 ms each way",
    ]);
    expect(rulesAfter("delay node0 20ms", "partition node0 node1")[0]).toBe("node0 - node1: cut, 20 ms each way");
  });

  test.each([
    "",
    "explode node0",
    "partition",
    "partition node9",
    "partition node0 node0",
    "partition node0,node1,node2,node3",
    "delay node0",
    "delay node0 fast",
    "delay node0 60001ms",
    "delay node9 5ms",
    "heal node0 node1",
  ])("refuse in words: %j", (words) => {
    expect(parseFault(words.split(" "), nodes)).toEqual(expect.any(String));
  });

  test("take the longest delay", () => {
    expect(parseFault(["delay", "node0", "60000ms"], nodes)).toMatchObject({ delayMs: 60_000 });
  });
});
