import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mentionsPerTextMax, referencesPerTextMax } from "./limits.ts";
import { proseOf } from "./prose.ts";
import { textEffectsOf, type IssueReference, type Mention } from "./text-effects.ts";

const shown = ({ repository, number }: IssueReference) =>
  `${repository === undefined ? "" : `${repository.owner}/${repository.name}`}#${number}`;
const named = (mention: Mention) =>
  mention.type === "account" ? mention.handle : `${mention.organization}/${mention.team}`;
const effects = (text: string) => {
  const { mentions, references, closes } = textEffectsOf(text);
  return { mentions: mentions.map(named), references: references.map(shown), closes: closes.map(shown) };
};

describe("mentions", () => {
  test.each([
    ["@ada, @Grace-Hopper and (@crew/core-team).", ["ada", "Grace-Hopper", "crew/core-team"]],
    ["@ada @ADA", ["ada"]],
    ["mail ada@example.org, a/@b, @@c, x.@d, `@e`", []],
    ["@ada-", []],
    ["@ada.example", []],
    ["@ada. Next", ["ada"]],
    ["@login @crew/_", ["crew/_"]],
  ])("%s", (text, expected) => expect(effects(text).mentions).toEqual(expected));
});

describe("references", () => {
  test.each([
    ["see #1, GH-2 and ada/tool#3", { references: ["#1", "#2", "ada/tool#3"], closes: [] }],
    ["Fixes #1, closes: ada/tool#2 and RESOLVED #3", { references: [], closes: ["#1", "ada/tool#2", "#3"] }],
    ["#1 fix #1", { references: [], closes: ["#1"] }],
    ["prefixes #1, unfixed #2", { references: ["#1", "#2"], closes: [] }],
    ["#0 #01 #99999999999 a#1 &#39; ##1 #1a x/#2", { references: [], closes: [] }],
    ["fixes\n#1", { references: ["#1"], closes: [] }],
    ["../x#1 login/tool#2 ada/x.git#3", { references: [], closes: [] }],
  ])("%s", (text, expected) => expect(effects(text)).toMatchObject(expected));
});

describe("what is quoted", () => {
  test.each([
    "`fixes #1 @ada`",
    "``a ` fixes #1 @ada``",
    "```js\nfixes #1 @ada\n```",
    "~~~\n``` fixes #1 @ada\n~~~",
    "```\nfixes #1\n@ada",
    "<!-- fixes #1 @ada -->",
    "<!-- fixes #1 `\n@ada",
  ])("has no effect: %j", (text) => expect(effects(text)).toEqual({ mentions: [], references: [], closes: [] }));

  test.each(["` #1", "``` #1 `", "`a` #1 `b`", "```\n```\n#1", "<!-- --> #1", "`<!--` #1 `-->`"])(
    "ends where it ends: %j",
    (text) => expect(effects(text).references).toEqual(["#1"]),
  );

  test("keeps every line and column where it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("`", "~", "\n", "<!--", "-->", "a", " ") }), (text) => {
        const prose = proseOf(text);
        expect(prose.length).toBe(text.length);
        expect(
          Array.from({ length: text.length }, (_, at) => [" ", text[at]].includes(prose[at]!)).every(Boolean),
        ).toBe(true);
      }),
    );
  });
});

describe("any text", () => {
  const pieces = fc.constantFrom(
    "@ada",
    "#1",
    " ",
    "fixes ",
    "`",
    "```",
    "\n",
    "a/b",
    "-",
    "<!--",
    "GH-",
    "/",
    "x",
    "9",
  );

  test("has bounded effects, each once", () => {
    fc.assert(
      fc.property(fc.string({ unit: pieces, maxLength: 400 }), (text) => {
        const { mentions, references, closes } = effects(text);
        const all = [...references, ...closes];
        expect(new Set(all).size).toBe(all.length);
        expect(mentions.length).toBeLessThanOrEqual(mentionsPerTextMax);
        expect(all.length).toBeLessThanOrEqual(referencesPerTextMax);
      }),
    );
  });

  test("has only so many effects", () => {
    const many = Array.from({ length: 300 }, (_, index) => `@user${index} #${index + 1} fixes #${index + 1000}`);
    const { mentions, references, closes } = effects(many.join(" "));
    expect([mentions.length, references.length, closes.length]).toEqual([50, 0, 100]);
  });

  test.each([
    "`".repeat(50_000),
    "` `` ".repeat(20_000),
    "<!--".repeat(25_000),
    "@a".repeat(50_000),
    "fixes ".repeat(20_000),
    "a/".repeat(50_000),
    "a-".repeat(50_000),
  ])("is read in one pass", (text) => expect(() => textEffectsOf(text)).not.toThrow());
});
