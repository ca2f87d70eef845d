import { expect, test } from "vitest";

import { clockOffMsMax, clockPart, ClockReporter } from "./clock-reporter.ts";

test("says once that the clock is wrong, again when it is wrong in the other direction, and once that it is right", () => {
  const said: string[] = [];
  let aheadMs: number | undefined;
  using reporter = new ClockReporter({
    network: { clockAheadMs: () => aheadMs },
    logger: { info: () => said.push("info"), warn: () => said.push("warn") } as never,
  });
  const report = (next: number | undefined): readonly string[] => {
    aheadMs = next;
    reporter.report();
    return said.splice(0);
  };
  expect([report(undefined), report(0), report(clockOffMsMax)]).toEqual([[], [], []]);
  expect([report(-clockOffMsMax - 1), report(-10_000), report(undefined)]).toEqual([["warn"], [], []]);
  expect([report(10_000), report(10_000)]).toEqual([["warn"], []]);
  expect([report(3), report(3)]).toEqual([["info"], []]);
});

test("the node's status says by how much and in which direction, and that it serves", () => {
  expect(clockPart(undefined)).toEqual({ state: "ready" });
  expect(clockPart(clockOffMsMax)).toEqual({ state: "ready" });
  expect(clockPart(10_040)).toEqual({ state: "ready", detail: expect.stringContaining("10.0 s ahead of") });
  expect(clockPart(-10_040)).toEqual({ state: "ready", detail: expect.stringContaining("10.0 s behind") });
});
