import { nodeIdOf, parsePrivateSeed, publicKeyOf, type Height, type NodeId } from "@guts/primitives";
import { beforeEach, describe, expect, test } from "vitest";

import { ServedHeights } from "./served-heights.ts";

const nodes: readonly NodeId[] = [1, 2, 3].map((byte) =>
  nodeIdOf(publicKeyOf(parsePrivateSeed(new Uint8Array(32).fill(byte))!)),
);
const [first, second, third] = nodes as [NodeId, NodeId, NodeId];
const height = (value: number): Height => value as Height;
const nobody = Number.MAX_SAFE_INTEGER;

let told: number[];
let served: ServedHeights;

beforeEach(() => {
  told = [];
  served = new ServedHeights(nodes, height(5), (lowest) => told.push(lowest));
  for (const nodeId of [first, second]) {
    served.setConnected(nodeId, true);
    served.report(nodeId, height(5));
  }
});

describe("an answer waits", () => {
  test("for the slowest of the connected validators", () => {
    served.serve(height(6));
    served.report(first, height(6));
    expect(told.at(-1)).toBe(5);
    served.report(second, height(6));
    expect(told.at(-1)).toBe(6);
  });

  test("for nobody who is not connected", () => {
    served.setConnected(second, false);
    served.report(first, height(6));
    expect(told.at(-1)).toBe(6);
    served.setConnected(first, false);
    expect(told.at(-1)).toBe(nobody);
  });

  test("for nobody who has not said yet where it is", () => {
    served.setConnected(third, true);
    expect(told.at(-1)).toBe(5);
  });

  test("once for one who is slow, and again when it has caught up", () => {
    served.serve(height(6));
    served.report(first, height(6));
    served.expire(height(6));
    expect(told.at(-1)).toBe(6);
    served.report(second, height(6));
    served.serve(height(7));
    served.report(first, height(7));
    expect(told.at(-1)).toBe(6);
  });
});

test("a validator's height never goes back, and strangers have none", () => {
  served.report(first, height(9));
  served.report(second, height(9));
  expect(told.at(-1)).toBe(9);
  served.report(first, height(3));
  served.report(nodeIdOf(publicKeyOf(parsePrivateSeed(new Uint8Array(32).fill(9))!)), height(1));
  expect(told.at(-1)).toBe(9);
});
