import type { Height } from "@guts/primitives";
import type { SyncView } from "@guts/server";
import { expect, test } from "vitest";

import { syncPart, SyncReporter } from "./sync-reporter.ts";

function arrange() {
  const said: string[] = [];
  const say = (...words: readonly unknown[]) => void said.push(words.map((word) => JSON.stringify(word)).join(" "));
  let sync: SyncView = { state: "current" };
  const reporter = new SyncReporter({
    network: { sync: () => sync },
    height: () => 7,
    logger: { info: say, warn: say } as never,
    admissionCommand: "guts network admit ID",
  });
  const report = (next: SyncView): readonly string[] => {
    sync = next;
    reporter.report();
    return said.splice(0);
  };
  return { report, [Symbol.dispose]: () => reporter[Symbol.dispose]() };
}

test("says how far a catch-up is as long as it lasts, and once that it is over", () => {
  using arranged = arrange();
  const target = 99 as Height;
  expect(arranged.report({ state: "current" })).toEqual([]);
  for (let round = 0; round < 2; round++)
    expect(arranged.report({ state: "catching-up", target })).toEqual([expect.stringContaining('"behind":92')]);
  expect(arranged.report({ state: "current" })).toHaveLength(1);
  expect(arranged.report({ state: "current" })).toEqual([]);
});

test("says once what to do about a node that is not admitted, or has nobody", () => {
  using arranged = arrange();
  expect(arranged.report({ state: "not-admitted" })).toEqual([expect.stringContaining("guts network admit ID")]);
  expect(arranged.report({ state: "not-admitted" })).toEqual([]);
  expect(arranged.report({ state: "alone" })).toHaveLength(1);
});

test("a node is ready when it is where the network is", () => {
  expect(syncPart({ state: "current" }, 1).state).toBe("ready");
  expect(syncPart({ state: "catching-up", target: 9 as Height }, 1)).toMatchObject({ detail: "at height 1 of 9" });
  expect(syncPart({ state: "alone" }, 1).state).toBe("starting");
  expect(syncPart({ state: "not-admitted" }, 1).state).toBe("failing");
});
