import { describe, expect, test } from "vitest";

import { abilityOf, reasonOf } from "./access-words.ts";

describe("what somebody may do", () => {
  test("says first whether they may push", () => {
    const of = (permission: Parameters<typeof abilityOf>[0]["permission"]) =>
      abilityOf({ login: "ada", permission, decidedBy: null, reasons: [] });
    expect(of("write")).toBe("ada may push.");
    expect(of("triage")).toBe("ada may read and clone and sort issues, and not push.");
    expect(of("none")).toBe("ada has no access.");
  });
});

describe("a reason", () => {
  test("is about the person, unless it is everybody's", () => {
    const text = "is a member of the team Core, which has the role write";
    expect(reasonOf("ada", { source: "team", permission: "write", text })).toBe(`ada ${text}.`);
    const everybody = reasonOf("ada", { source: "public", permission: "read", text: "everybody reads" });
    expect(everybody).toBe("Everybody reads a public repository.");
  });
});
