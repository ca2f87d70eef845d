import { describe, expect, it } from "vitest";
import { wireLimits } from "../limits.ts";
import { parseObjectFilter } from "./object-filter.ts";

describe("parseObjectFilter", () => {
  it.each([
    "blob:none",
    "blob:limit=0",
    "blob:limit=1k",
    "blob:limit=1048576",
    "tree:0",
    "tree:12",
    "object:type=commit",
    "combine:blob:none+tree:3",
    "combine:blob%3anone+object%3Atype%3Dtag",
  ])("takes %s", (text) => {
    expect(parseObjectFilter(text)).toBe(text);
  });

  it.each([
    "",
    "blob",
    "blob:some",
    "blob:limit=",
    "blob:limit=-1",
    "blob:limit=1t",
    "tree:",
    "tree:01",
    "object:type=note",
    "sparse:oid=main:spec",
    "combine:",
    "combine:blob:none+sparse:oid=main:spec",
    "combine:blob:none+",
    "combine:%zz",
    "combine:combine:blob:none",
    "blob:none ",
    "blob:none\n",
  ])("refuses %j", (text) => {
    expect(() => parseObjectFilter(text)).toThrow(expect.objectContaining({ code: "filter-unsupported" }));
  });

  it("takes as many parts and bytes as the limits and refuses one more", () => {
    const parts = Array.from({ length: wireLimits.filterPartCountMax }, () => "tree:1");
    expect(() => parseObjectFilter(`combine:${parts.join("+")}`)).not.toThrow();
    expect(() => parseObjectFilter(`combine:${parts.join("+")}+tree:1`)).toThrow();
    const code = (bytes: number): unknown =>
      expect.objectContaining({ code: bytes > 1024 ? "limit-exceeded" : "filter-unsupported" });
    for (const bytes of [wireLimits.filterBytesMax, wireLimits.filterBytesMax + 1])
      expect(() => parseObjectFilter("x".repeat(bytes))).toThrow(code(bytes) as Error);
  });
});
