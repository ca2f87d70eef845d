import { expect, test } from "vitest";
import { TestNetwork } from "./testing/test-network.ts";

test.each([1, 2, 3, 4, 7, 10])("%i validators finalize a line in three delays", (validatorCount) => {
  const network = new TestNetwork({ validatorCount });
  network.start();
  network.run(10);
  network.submit("first");
  network.run(4);
  expect(network.nodes.map(({ chain }) => chain.lines)).toEqual(network.nodes.map(() => ["first"]));
});

test("an idle network is silent but for its statuses, and makes a heartbeat a minute", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(59_900);
  expect(network.heights()).toEqual([0, 0, 0, 0]);
  expect(new Set(network.nodes.flatMap(({ sent }) => sent.map(({ type }) => type)))).toEqual(new Set(["status"]));
  network.run(200);
  expect(network.heights()).toEqual([1, 1, 1, 1]);
  network.run(59_800);
  expect(network.heights()).toEqual([1, 1, 1, 1]);
  network.run(400);
  expect(network.heights()).toEqual([2, 2, 2, 2]);
});
