import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import {
  closure,
  declaredNames,
  parseDeclarations,
  readStylesheets,
  renderTokens,
  themeNames,
  usedNames,
} from "../build/primer-tokens.ts";

const css = readStylesheets(fileURLToPath(new URL("./styles/", import.meta.url)));

describe("the stylesheets", () => {
  it("refer only to properties that a token or a stylesheet declares", () => {
    const own = new Set(Array.from(css.matchAll(/--([\w-]+)\s*:/g), ([, name]) => name!));
    const known = declaredNames();
    expect([...usedNames(css)].filter((name) => !known.has(name) && !own.has(name))).toEqual([]);
  });

  it("load nothing from elsewhere", () => {
    expect(css).not.toMatch(/url\(|@import|https?:/);
  });
});

describe("renderTokens", () => {
  const tokens = renderTokens(css);

  it("declares every theme, and in each the same colours", () => {
    for (const theme of themeNames) expect(tokens).toContain(`[data-theme="${theme}"]`);
    expect(tokens.match(/--fgColor-default:/g)).toHaveLength(themeNames.length);
    expect(tokens.match(/--prettylights-syntax-keyword:/g)).toHaveLength(themeNames.length);
  });

  it("leaves out what no stylesheet uses", () => {
    expect(tokens).not.toContain("contribution-halloween");
    expect(tokens.length).toBeLessThan(40_000);
  });
});

describe("closure", () => {
  it("follows references between tokens", () => {
    const declarations = parseDeclarations(":root {\n  --a: var(--b); /* why */\n  --b: 1px;\n  --c: 2px;\n}\n");
    expect([...closure(declarations, ["a"])]).toEqual([
      ["a", "var(--b)"],
      ["b", "1px"],
    ]);
  });
});
