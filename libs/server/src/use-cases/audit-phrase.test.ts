import { describe, expect, test } from "vitest";

import { parseAuditPhrase } from "./audit-phrase.ts";

const at = (text: string) => Date.parse(text);

describe("a phrase", () => {
  test("is read qualifier by qualifier", () => {
    expect(parseAuditPhrase("")).toEqual({});
    expect(parseAuditPhrase(" action:org.add_member  actor:ada repo:acme/web ")).toEqual({
      actions: ["org.add_member"],
      actor: "ada",
      repo: { owner: "acme", name: "web" },
    });
    expect(parseAuditPhrase("action:protected_branch").actions).toEqual([
      "protected_branch.destroy",
      "protected_branch.update",
    ]);
  });

  test.each([
    ["2026-11-20", { from: at("2026-11-20"), until: at("2026-11-21") - 1 }],
    [">=2026-11-20", { from: at("2026-11-20") }],
    [">2026-11-20", { from: at("2026-11-21") }],
    ["<=2026-11-20", { until: at("2026-11-21") - 1 }],
    ["<2026-11-20", { until: at("2026-11-20") - 1 }],
    ["2026-11-19..2026-11-20", { from: at("2026-11-19"), until: at("2026-11-21") - 1 }],
    [">=2026-11-20T17:03:00Z", { from: at("2026-11-20T17:03:00Z") }],
    [
      "2026-11-20T17:03:00Z..2026-11-20T18:00:00+01:00",
      { from: at("2026-11-20T17:03Z"), until: at("2026-11-20T17:00Z") },
    ],
  ])("of created:%s", (value, span) => {
    expect(parseAuditPhrase(`created:${value}`)).toEqual(span);
  });

  test.each([
    "free words",
    "action:",
    "action:nothing",
    "created:soon",
    "created:2026-13-45",
    "repo:web",
    "country:DE",
  ])("is refused where nothing is understood: %s", (phrase) => {
    expect(() => parseAuditPhrase(phrase)).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});
