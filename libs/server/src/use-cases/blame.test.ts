import { expect, test } from "vitest";

import { parseIgnoredRevisions } from "./blame.ts";

test("commits to pass over are whole ids, with remarks", () => {
  const [one, two] = ["a".repeat(40), "B".repeat(40)];
  const text = `# formatted\n${one} # all of it\r\n\n${two}\n${one}\nabc123\n--all\n${"c".repeat(64)}\n`;
  expect(parseIgnoredRevisions(text, "sha1")).toEqual([one, two.toLowerCase()]);
});
