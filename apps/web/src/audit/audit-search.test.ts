import { describe, expect, it } from "vitest";

import { auditSearch, phraseOf } from "./audit-search.ts";

describe("the address of a log", () => {
  it("keeps what filters it and nothing else", () => {
    const search = { action: "org", actor: 7, from: "2026-11-20", until: "soon", after: "12", page: 3 };
    expect(auditSearch(search)).toEqual({ action: "org", actor: "7", from: "2026-11-20", after: 12 });
    expect(auditSearch({ action: "org actor:eve", after: -1 })).toEqual({});
  });
});

describe("the phrase of a filter", () => {
  it.each([
    [{}, undefined],
    [{ action: "org.add_member", actor: "ada", after: 9 }, "action:org.add_member actor:ada"],
    [{ from: "2026-11-01" }, "created:>=2026-11-01"],
    [{ until: "2026-11-02" }, "created:<=2026-11-02"],
    [{ from: "2026-11-01", until: "2026-11-02" }, "created:2026-11-01..2026-11-02"],
  ])("of %j is %s", (search, phrase) => {
    expect(phraseOf(search)).toBe(phrase);
  });
});
