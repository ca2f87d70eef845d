import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Design tokens from `@primer/primitives`, cut down to the ones our stylesheets use.
 *
 * A Primer theme declares about 950 custom properties (19 KiB gzip each, four themes); we use about one in ten. The
 * stylesheets are read, every `var(--name)` is followed through the tokens that refer to other tokens, and only
 * that closure is emitted, once per theme, under the selectors that `public/theme.js` switches between.
 */

/** The themes offered, by the value of `data-theme` on the root element. */
export const themeNames = ["light", "dark", "light-high-contrast", "dark-high-contrast"] as const;

/** Names of custom properties, without the leading dashes, to their values. */
export type Declarations = ReadonlyMap<string, string>;

/** Every custom property declared by the first rule of a stylesheet; later rules repeat it for media queries. */
export function parseDeclarations(css: string): Declarations {
  const open = css.indexOf("{");
  const body = css.slice(open + 1, css.indexOf("\n}", open)).replace(/\/\*[\s\S]*?\*\//g, "");
  const found = body.matchAll(/--([\w-]+):\s*([^;]+);/g);
  return new Map(Array.from(found, ([, name = "", value = ""]) => [name, value.trim()]));
}

/** Names in `var(--name)` anywhere in a text. */
export function usedNames(css: string): ReadonlySet<string> {
  return new Set(Array.from(css.matchAll(/var\(\s*--([\w-]+)/g), ([, name = ""]) => name));
}

/** The declarations reachable from `names`, following references between tokens, sorted by name. */
export function closure(declarations: Declarations, names: Iterable<string>): Declarations {
  const kept = new Map<string, string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const value = declarations.get(name);
    if (value === undefined || kept.has(name)) continue;
    kept.set(name, value);
    queue.push(...usedNames(value));
  }
  return new Map([...kept].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The stylesheet that declares what `css` uses: sizes and type on the root, colours once per theme. */
export function renderTokens(css: string): string {
  const names = usedNames(css);
  const shared = closure(readShared(), names);
  const themes = themeNames.map((theme) => renderTheme(theme, names));
  return [block(":root", shared), ...themes].join("\n");
}

/** Every name that the tokens declare, for checking that a stylesheet refers to nothing undeclared. */
export function declaredNames(): ReadonlySet<string> {
  return new Set([...readShared().keys(), ...readTheme("light").keys()]);
}

/** All stylesheets of a folder joined in the order of their names. */
export function readStylesheets(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith(".css"));
  return files
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
}

const sharedFiles = [
  "base/size/size.css",
  "base/typography/typography.css",
  "base/motion/motion.css",
  "functional/size/radius.css",
  "functional/size/border.css",
  "functional/motion/motion.css",
  "functional/typography/typography.css",
];

function renderTheme(theme: string, names: Iterable<string>): string {
  const scheme = theme.startsWith("dark") ? "dark" : "light";
  const selector = theme === "light" ? `:root,\n[data-theme="light"]` : `[data-theme="${theme}"]`;
  return block(selector, new Map([["color-scheme", scheme], ...closure(readTheme(theme), names)]));
}

function block(selector: string, declarations: Declarations): string {
  const lines = Array.from(
    declarations,
    ([name, value]) => `  ${name === "color-scheme" ? "" : "--"}${name}: ${value};`,
  );
  return `${selector} {\n${lines.join("\n")}\n}`;
}

function readShared(): Declarations {
  return new Map(sharedFiles.flatMap((file) => [...parseDeclarations(readPrimer(file))]));
}

function readTheme(theme: string): Declarations {
  return parseDeclarations(readPrimer(`functional/themes/${theme}.css`));
}

function readPrimer(file: string): string {
  const home = dirname(createRequire(import.meta.url).resolve("@primer/primitives/package.json"));
  return readFileSync(join(home, "dist/css", file), "utf8");
}
