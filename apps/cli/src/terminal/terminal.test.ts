import { expect, test } from "vitest";
import { CliError } from "../cli-error.ts";
import type { Output } from "../platform.ts";
import { parseFields, printJson } from "./json.ts";
import { withProgress } from "./progress.ts";
import { relativeTime } from "./relative-time.ts";
import { safeLine, safeText } from "./safe-text.ts";
import { styleFor } from "./style.ts";
import { printTable } from "./table.ts";

function capture(isTerminal: boolean, columns = 80): Output & { readonly text: () => string } {
  let all = "";
  return { isTerminal, columns, write: (text) => void (all += String(text)), text: () => all };
}

const columns = [
  { title: "Name", text: (row: { name: string }) => row.name },
  { title: "What", text: () => "a rather long description of it", isFlexible: true },
];

test("prints a table with titles on a terminal, within its width", async () => {
  const output = capture(true, 24);
  await printTable(output, styleFor(false), columns, [{ name: "hello" }, { name: "x" }]);
  expect(output.text()).toBe("NAME   WHAT\nhello  a rather long de…\nx      a rather long de…\n");
});

test("prints fields with tabs and no titles in a pipe, whatever the width", async () => {
  const output = capture(false, 5);
  await printTable(output, styleFor(false), columns, [{ name: "a\tb\nc" }]);
  expect(output.text()).toBe("a b c\ta rather long description of it\n");
});

test("lets no control sequence or override of direction through to a terminal", () => {
  expect(safeText("a\u001b[31mred\u202egnp\tx\ny")).toBe("a\ufffd[31mred\ufffdgnp\tx\ny");
  expect(safeLine(" two\r\nlines\u0007 ")).toBe("two lines\ufffd");
});

test("prints chosen fields in the order asked for, null where there is no value", () => {
  const output = capture(false);
  printJson<{ a?: number; b?: number }>(output, "b,a", ["a", "b"], [{ a: 1 }]);
  expect(output.text()).toBe('[{"b":null,"a":1}]\n');
});

test("refuses an unknown field and takes an empty list for all", () => {
  expect(() => parseFields("a,zz", ["a"])).toThrow(CliError);
  expect(parseFields(" ", ["a", "b"])).toEqual(["a", "b"]);
});

test.each([
  [-5, "less than a minute ago"],
  [-60, "about 1 minute ago"],
  [-7_200, "about 2 hours ago"],
  [-86_400 * 40, "about 1 month ago"],
  [86_400 * 3, "in about 3 days"],
])("says %d seconds as %s", (seconds, words) => {
  const now = Date.UTC(2026, 0, 1);
  expect(relativeTime(new Date(now + seconds * 1000).toISOString(), now)).toBe(words);
});

test("shows no progress for what is quick, and none in a pipe", async () => {
  for (const isTerminal of [true, false]) {
    const output = capture(isTerminal);
    expect(await withProgress(output, "Working", () => Promise.resolve(7))).toBe(7);
    expect(output.text()).toBe("");
  }
});
