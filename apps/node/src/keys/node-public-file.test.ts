import { nodeIdOf, parsePrivateSeed, publicKeyOf } from "@guts/primitives";
import { describe, expect, test } from "vitest";

import { formatPublicNode, parsePublicNode, type PublicNode } from "./node-public-file.ts";

const keyOf = (byte: number) => publicKeyOf(parsePrivateSeed(new Uint8Array(32).fill(byte))!);
const node: PublicNode = {
  name: "git.example.org",
  nodeId: nodeIdOf(keyOf(1)),
  consensusKey: keyOf(2),
  addresses: ["/dns/git.example.org/tcp/3003", "/ip6/::1/tcp/3003"],
};
const text = formatPublicNode(node);
const problemOf = (changed: string) => "problem" in parsePublicNode(changed);

describe("a node's public file", () => {
  test.each([0, 1, 2])("gives back the node that was written, with %i addresses", (count) => {
    const written = { ...node, addresses: node.addresses.slice(0, count) };
    expect(parsePublicNode(formatPublicNode(written))).toEqual(written);
  });

  test("is readable: one word and one value on each line, a checksum at the end", () => {
    expect(text.split("\n")[1]).toBe("name       git.example.org");
    expect(text).toMatch(/\nchecksum {3}[0-9a-f]{16}\n$/);
  });

  test("survives what mail does to lines and spaces", () => {
    expect(parsePublicNode(`${text.replaceAll("\n", "\r\n")}\r\n`)).toEqual(node);
    expect(parsePublicNode(text.replaceAll(/ +/g, " "))).toEqual(node);
  });

  test("is refused when any one character of a value changed", () => {
    const body = text.slice(0, text.indexOf("checksum"));
    for (let index = 0; index < body.length; index += 7) {
      if (/\s/.test(text[index]!)) continue;
      expect(problemOf(text.slice(0, index) + (text[index] === "7" ? "8" : "7") + text.slice(index + 1))).toBe(true);
    }
  });

  test.each(["", "x", text.slice(0, 90), text.replace("guts-node  1", "guts-node  2"), text.replace("p2p", "tcp")])(
    "refuses what is none of its files (%#)",
    (wrong) => {
      expect(problemOf(wrong)).toBe(true);
    },
  );

  test("refuses a key that nobody may trust, whatever its checksum says", () => {
    const weak = new Uint8Array(32) as typeof node.consensusKey;
    expect(problemOf(formatPublicNode({ ...node, consensusKey: weak }))).toBe(true);
  });
});
