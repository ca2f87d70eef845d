import { describe, expect, test } from "vitest";

import { parseSubmoduleUrls, resolveLink } from "./linked-content.ts";

describe("a symbolic link", () => {
  test.each([
    ["a/b", "c", "a/c"],
    ["a/b", "./../c//d", "c/d"],
    ["a", "b/../c", "c"],
    ["a/b/c", "../../d", "d"],
  ])("at %s to %s leads to %s", (path, text, target) => expect(resolveLink(path, text)).toBe(target));

  test.each(["", "/etc/passwd", "../../x", "a\0b"])("to %j leads out of the tree", (text) =>
    expect(resolveLink("a/b", text)).toBeUndefined(),
  );
});

test("submodules are read leniently, and a line that is none is passed over", () => {
  const text = [
    "[core]\n\tpath = no\n\turl = no",
    '[submodule "one"]\r\n\tpath = libs/one\r\n\turl = https://example.org/one.git\r',
    '[submodule "two"]\n# a remark\npath="libs/two"\nurl = ../two.git',
    '[submodule "no path"]\n\turl = x',
  ].join("\n");
  expect([...parseSubmoduleUrls(text)]).toEqual([
    ["libs/one", "https://example.org/one.git"],
    ["libs/two", "../two.git"],
  ]);
});
