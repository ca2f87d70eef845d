import { describe, expect, it } from "vitest";

import { chooseGroup, createRecoveryCode, groupsOf, isGroup, parseRecoveryCode, recoveryFile } from "./recovery.ts";

const code = parseRecoveryCode(createRecoveryCode())!;

describe("createRecoveryCode", () => {
  it("gives eight groups of four that read back as the same code", () => {
    expect(groupsOf(code).map((group) => group.length)).toEqual([4, 4, 4, 4, 4, 4, 4, 4]);
    expect(parseRecoveryCode(code.toLowerCase())).toBe(code);
  });

  it("never gives the same code twice", () => {
    expect(createRecoveryCode()).not.toBe(createRecoveryCode());
  });
});

describe("isGroup", () => {
  it("accepts the asked group in any case, with spaces", () => {
    const third = groupsOf(code)[2]!;
    expect(isGroup(code, 3, ` ${third.toLowerCase()} `)).toBe(true);
  });

  it("takes letters that look like digits for those digits", () => {
    const shaped = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ" as typeof code;
    expect(isGroup(shaped, 1, "oI23")).toBe(true);
  });

  it("refuses another group, a part and nothing", () => {
    const groups = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-HHHH" as typeof code;
    expect(isGroup(groups, 1, "BBBB")).toBe(false);
    expect(isGroup(groups, 1, "AAA")).toBe(false);
    expect(isGroup(groups, 1, "")).toBe(false);
    expect(isGroup(groups, 9, "AAAA")).toBe(false);
  });
});

describe("chooseGroup", () => {
  it("asks for a group that exists", () => {
    for (let round = 0; round < 50; round += 1) {
      const position = chooseGroup(code);
      expect(position >= 1 && position <= 8).toBe(true);
    }
  });
});

describe("recoveryFile", () => {
  it("holds the code in a form that parses", () => {
    const text = recoveryFile("alice", "devnet", code);
    expect(parseRecoveryCode(/Code: +(\S+)/.exec(text)![1]!)).toBe(code);
    expect(text).toContain("alice");
  });
});
