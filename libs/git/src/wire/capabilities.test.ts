import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GitWireError } from "../errors.ts";
import { wireLimits } from "../limits.ts";
import {
  capabilityValue,
  formatCapabilities,
  hasCapability,
  parseCapabilities,
  parseCapability,
} from "./capabilities.ts";
import { parseProtocolVersion } from "./protocol-version.ts";

const capability = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/),
  value: fc.option(fc.stringMatching(/^[!-~]{0,12}$/), { nil: undefined }),
});

describe("parseCapabilities", () => {
  it("reads names, values and repetitions in order", () => {
    const list = parseCapabilities(" report-status agent=git/2.39.5 symref=HEAD:refs/heads/a symref=X:y empty=");
    expect(list.map(({ name }) => name)).toEqual(["report-status", "agent", "symref", "symref", "empty"]);
    expect(capabilityValue(list, "symref")).toBe("HEAD:refs/heads/a");
    expect(capabilityValue(list, "empty")).toBe("");
    expect(capabilityValue(list, "report-status")).toBeUndefined();
    expect(hasCapability(list, "report")).toBe(false);
  });

  it("keeps an equals sign inside a value", () => {
    expect(parseCapability("server-option=a=b")).toEqual({ name: "server-option", value: "a=b" });
  });

  it.each(["=x", "a\u0000b", "a=b\u001b", "a=\n", "gr\u00f6\u00dfe", "a.b"])("refuses %j", (text) => {
    expect(() => parseCapabilities(text)).toThrow(expect.objectContaining({ code: "line-malformed" }));
  });

  it("takes as many as the limit and refuses one more", () => {
    const words = Array.from({ length: wireLimits.capabilityCountMax }, (_, index) => `c${index}`);
    expect(parseCapabilities(words.join(" "))).toHaveLength(wireLimits.capabilityCountMax);
    expect(() => parseCapabilities([...words, "more"].join(" "))).toThrow(
      expect.objectContaining({ code: "limit-exceeded", data: { limit: "capabilityCountMax", max: 64 } }),
    );
  });

  it("round-trips", () => {
    fc.assert(
      fc.property(fc.array(capability, { maxLength: 20 }), (list) => {
        expect(parseCapabilities(formatCapabilities(list))).toEqual(list);
      }),
    );
  });

  it("returns a list or a typed error for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          parseCapabilities(text);
        } catch (error) {
          expect(error).toBeInstanceOf(GitWireError);
        }
      }),
    );
  });
});

describe("parseProtocolVersion", () => {
  it.each([
    [undefined, 0],
    ["", 0],
    ["version=0", 0],
    ["version=1", 1],
    ["version=2", 2],
    ["foo:version=1:version=2:bar=baz", 2],
    ["version=3", 0],
    ["version=22", 0],
    ["version=2\n", 0],
  ])("reads %j as version %d", (value, version) => {
    expect(parseProtocolVersion(value)).toBe(version);
  });
});
