import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { quorumOf } from "@guts/verifier";
import { zeroDigest } from "@guts/primitives";
import { encodeJournalRecord } from "./journal-record.ts";
import * as limits from "./limits.ts";
import { encodeMessage, type Message } from "./messages.ts";
import { lanTiming, wanTiming } from "./timing.ts";
import { votingRules } from "./voting-rules.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/protocol/consensus.md"), "utf8");

/** The rows of the table in a section, each as its cells without backticks. */
function tableOf(section: string): readonly (readonly string[])[] {
  const text = page.split(`\n## ${section}\n`)[1]!.split("\n## ")[0]!;
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.replaceAll("`", "").trim()),
  );
}

test("the page's quorums are the code's", () => {
  const rows = tableOf("Model").map((row) => row.map(Number));
  expect(rows.length).toBeGreaterThan(5);
  for (const [n, q, liars, down] of rows) {
    expect([n, q]).toEqual([n, quorumOf(n!)]);
    expect([liars, down]).toEqual([2 * q! - n! - 1, n! - q!]);
  }
});

test("the page's timings are the code's", () => {
  const rows = tableOf("Timers").map(([name, lan, wan]) => [name, Number(lan), Number(wan)]);
  const names = Object.keys(lanTiming) as (keyof typeof lanTiming)[];
  expect(rows).toEqual(names.map((name) => [name, lanTiming[name], wanTiming[name]]));
});

test("the page's limits are the code's", () => {
  const rows = tableOf("Limits").map(([name, value]) => [name, Number(value)]);
  expect(Object.fromEntries(rows)).toEqual({ ...limits });
});

test("the page's messages have the code's tags", () => {
  const none = { epoch: 0, entry: undefined, tip: undefined, question: undefined, answer: undefined };
  const samples = {
    certificateRequest: { wanted: [] },
    blockRequest: { hash: zeroDigest },
    status: { view: 1 },
  } as const;
  const tags = Object.fromEntries(tableOf("Messages").map(([name, tag]) => [name, Number(tag)]));
  expect(Object.keys(tags)).toHaveLength(7);
  for (const [type, fields] of Object.entries(samples))
    expect([type, encodeMessage({ type, ...none, ...fields } as unknown as Message)[0]]).toEqual([type, tags[type]]);
});

test("the page's journal records have the code's tags", () => {
  for (const [type, tag] of [
    ["instance", 1],
    ["floor", 6],
    ["resume", 7],
    ["amnesia", 8],
  ] as const) {
    expect(encodeJournalRecord({ type, view: 0 } as never)[0]).toBe(tag);
    expect(page).toContain(`\`${type}\` ${tag}`);
  }
});

test("the page names every voting rule, or is about it", () => {
  for (const rule of Object.keys(votingRules).filter((name) => name !== "isQuorum"))
    expect(page).toContain(`\`${rule}\``);
});
