import { all, createStarryNight } from "@wooorm/starry-night";
import type { ElementContent, Root } from "hast";

import { renderLimits } from "../limits.ts";
import { escapeHtml, plainLines } from "./html.ts";
import type { HighlightedFile } from "./job.ts";

/** Highlights code as GitHub does: TextMate grammars, classes `pl-*`. */
export interface Highlighter {
  /** HTML of each line. Text of an unknown language, and code that no person wrote, is escaped only. */
  highlightFile(path: string, text: string): HighlightedFile;
  /** The tree of a block whose language is named as in a Markdown fence; undefined when it is unknown. */
  highlightBlock(language: string, text: string): Root | undefined;
}

/** Loads every grammar; each is compiled when a file first needs it. Takes about a second and 150 MB. */
export async function createHighlighter(): Promise<Highlighter> {
  const starryNight = await createStarryNight(all);
  return {
    highlightFile(path, text) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const scope = starryNight.flagToScope(name);
      if (scope === undefined || hasLongLine(text)) return { language: null, lines: plainLines(text) };
      return { language: languageOf(scope), lines: htmlLines(starryNight.highlight(text, scope)) };
    },
    highlightBlock(language, text) {
      const scope = starryNight.flagToScope(language);
      return scope === undefined || hasLongLine(text) ? undefined : starryNight.highlight(text, scope);
    },
  };
}

/** The last part of a TextMate scope, which is the language's usual short name. */
function languageOf(scope: string): string {
  return scope.slice(scope.indexOf(".") + 1);
}

function hasLongLine(text: string): boolean {
  return text.split("\n").some((line) => line.length > renderLimits.highlightLineLengthMax);
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
