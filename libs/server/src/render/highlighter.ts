import type * as starryNight from "@wooorm/starry-night";
import type { ElementContent, Root } from "hast";

import { renderLimits } from "../limits.ts";
import { escapeHtml, plainLines } from "./html.ts";
import type { HighlightedFile } from "./job.ts";
import { scopeOfFile, scopeOfLanguage } from "./languages.ts";

/** Turns text of one language into a tree of `span` elements with classes `pl-*`. */
export type Highlight = (text: string) => Root;

/** Highlights code as GitHub does: TextMate grammars, classes `pl-*`. Grammars are loaded when they are first needed. */
export interface Highlighter {
  /** HTML of each line. Text of an unknown language, and code that no person wrote, is escaped only. */
  highlightFile(path: string, text: string): Promise<HighlightedFile>;
  /** The highlighting of a language named as in a Markdown fence; undefined when it is unknown. */
  forLanguage(name: string): Promise<Highlight | undefined>;
}

type Grammar = (typeof starryNight.common)[number];

/** A highlighter that has loaded nothing yet. */
export function createHighlighter(): Highlighter {
  const highlightByScope = new Map<string, Promise<Highlight>>();
  const forScope = (scope: string): Promise<Highlight> => {
    const known = highlightByScope.get(scope);
    if (known !== undefined) return known;
    const loading = loadHighlight(scope);
    highlightByScope.set(scope, loading);
    return loading;
  };
  return {
    async highlightFile(path, text) {
      const scope = scopeOfFile(path);
      if (scope === undefined || hasLongLine(text)) return { language: null, lines: plainLines(text) };
      const highlight = await forScope(scope);
      return { language: languageOf(scope), lines: htmlLines(highlight(text)) };
    },
    async forLanguage(name) {
      const scope = scopeOfLanguage(name);
      return scope === undefined ? undefined : forScope(scope);
    },
  };
}

/** Whether the text has a line so long that no person wrote it; highlighting it would take very long. */
export function hasLongLine(text: string): boolean {
  return text.split("\n").some((line) => line.length > renderLimits.highlightLineLengthMax);
}

async function loadHighlight(scope: string): Promise<Highlight> {
  const createStarryNight = await loadLibrary();
  const grammar = await loadGrammar(scope);
  const embedded = await Promise.all((grammar?.dependencies ?? []).map(loadGrammar));
  const instance = await createStarryNight([grammar, ...embedded].filter((loaded) => loaded !== undefined));
  return (text) => instance.highlight(text, scope);
}

/**
 * The library without its grammars. Its main module loads all 710 of them (100 MB, most of a second), and it has no
 * other entry, so the file beside the grammars' folder is named instead.
 */
async function loadLibrary(): Promise<typeof starryNight.createStarryNight> {
  const file = new URL("../lib/index.js", import.meta.resolve("@wooorm/starry-night/source.js"));
  const library = (await import(file.href)) as Pick<typeof starryNight, "createStarryNight">;
  return library.createStarryNight;
}

/** One grammar; undefined for one that another mentions but that does not exist. */
async function loadGrammar(scope: string): Promise<Grammar | undefined> {
  try {
    return ((await import(`@wooorm/starry-night/${scope}`)) as { readonly default: Grammar }).default;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** The last part of a TextMate scope, which is the language's usual short name. */
function languageOf(scope: string): string {
  return scope.slice(scope.indexOf(".") + 1);
}

/** Writes a tree of `span` elements line by line; an element that spans lines is closed and opened again. */
function htmlLines(root: Root): string[] {
  const lines = [""];
  const append = (html: string): void => void (lines[lines.length - 1] += html);
  const write = (nodes: readonly (ElementContent | Root["children"][number])[], open: readonly string[]): void => {
    for (const node of nodes) {
      if (node.type === "text") {
        const [first = "", ...rest] = node.value.split(/\r\n|\n|\r/);
        append(escapeHtml(first));
        for (const part of rest) {
          append("</span>".repeat(open.length));
          lines.push(open.join("") + escapeHtml(part));
        }
      } else if (node.type === "element") {
        const tag = `<span class="${escapeHtml(classOf(node.properties["className"]))}">`;
        append(tag);
        write(node.children, [...open, tag]);
        append("</span>");
      }
    }
  };
  write(root.children, []);
  if (lines.at(-1)?.replace(/<[^>]*>/g, "") === "") lines.pop();
  return lines;
}

function classOf(className: unknown): string {
  return Array.isArray(className) ? className.join(" ") : "";
}
