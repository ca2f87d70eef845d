import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { toHex, utf8 } from "./bytes.ts";
import { digestOf, domainNames, inDomain, parseDigest, type Domain } from "./digest.ts";
import { sha256 as sha256OfBrowser } from "./native-crypto.browser.ts";

const domains = Object.keys(domainNames) as Domain[];

test("a digest is SHA-256 over the domain's length, its name and the parts", () => {
  const expected = createHash("sha256").update("\x0fguts/v1/genesis").update("one").update("two").digest("hex");
  expect(toHex(digestOf("genesis", utf8("one"), utf8("two")))).toBe(expected);
});

test("browsers and nodes hash alike", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
    const bytes = new Uint8Array(length).fill(length);
    expect(toHex(sha256OfBrowser(inDomain("content", bytes)))).toBe(toHex(digestOf("content", bytes)));
  }
});

test("no domain's prefix begins another's", () => {
  const prefixes = domains.map((domain) => toHex(inDomain(domain)));
  expect(new Set(prefixes).size).toBe(domains.length);
  for (const [index, prefix] of prefixes.entries()) {
    expect(prefixes.filter((other, place) => place !== index && other.startsWith(prefix))).toEqual([]);
  }
});

test("only 32 bytes are a digest", () => {
  expect(parseDigest(new Uint8Array(32))).toBeDefined();
  expect(parseDigest(new Uint8Array(31))).toBeUndefined();
  expect(parseDigest(new Uint8Array(33))).toBeUndefined();
});
