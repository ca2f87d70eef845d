import type { Element, ElementContent, Root } from "hast";
import rehypeRaw from "rehype-raw";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeSlug from "rehype-slug";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { visitParents } from "unist-util-visit-parents";

import { hasLongLine, type Highlighter } from "./highlighter.ts";
import type { LinkBase } from "./job.ts";
import { resolveLink } from "./links.ts";

/**
 * Renders Markdown to HTML as GitHub does: GFM, raw HTML in bounds, heading anchors, alerts, highlighted code.
 *
 * Safety rests on one step: `rehype-sanitize` with GitHub's schema sees the whole tree after raw HTML was parsed. What
 * follows it only rewrites links through `resolveLink`, drops elements, and adds fixed class names.
 */
export function createMarkdownRenderer(highlighter: Highlighter): (text: string, links: LinkBase) => Promise<string> {
  const parser = unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkRehype, { allowDangerousHtml: true, clobberPrefix: "" })
    .use(rehypeRaw)
    .use(rehypeSlug)
    .use(rehypeSanitize, defaultSchema);
  const printer = unified().use(rehypeStringify);
  return async (text, links) => {
    const tree = parser.runSync(parser.parse(text));
    rewriteLinks(tree, links);
    markAlerts(tree);
    await highlightCode(tree, highlighter);
    return printer.stringify(tree);
  };
}

function rewriteLinks(tree: Root, links: LinkBase): void {
  visitParents(tree, "element", (element, ancestors) => {
    const { properties } = element;
    if (element.tagName === "a") rewriteAnchor(element, links);
    if (element.tagName === "img" || element.tagName === "source") {
      const url = resolveLink(textOf(properties["src"] ?? properties["srcSet"]), links, "raw");
      delete properties["srcSet"];
      delete properties["longDesc"];
      if (url?.isExternal === false) properties["src"] = url.href;
      else replaceExternalImage(element, url?.href, ancestors);
    }
    delete properties["cite"];
  });
}

function rewriteAnchor(element: Element, links: LinkBase): void {
  const { properties } = element;
  if (properties["href"] === undefined) return;
  const url = resolveLink(textOf(properties["href"]), links, "blob");
  if (url === undefined) delete properties["href"];
  else properties["href"] = url.href;
  if (url?.isExternal === true) properties["rel"] = ["nofollow", "noopener", "noreferrer"];
}

/** The text of a property; empty for what is no text. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A page loads nothing from other hosts, so an external image becomes a link to it, or its text inside a link. */
function replaceExternalImage(element: Element, href: string | undefined, ancestors: readonly unknown[]): void {
  const text = textOf(element.properties["alt"]).trim() || "image";
  const isLinked = ancestors.some((ancestor) => (ancestor as Element).tagName === "a");
  element.tagName = isLinked || href === undefined ? "span" : "a";
  element.properties =
    isLinked || href === undefined
      ? {}
      : { href, rel: ["nofollow", "noopener", "noreferrer"], className: ["external-image"] };
  element.children = [{ type: "text", value: text }];
}

const ALERTS = ["note", "tip", "important", "warning", "caution"];

/** `> [!NOTE]` becomes a block with a title. */
function markAlerts(tree: Root): void {
  visitParents(tree, "element", (element) => {
    if (element.tagName !== "blockquote") return;
    const paragraph = element.children.find((child): child is Element => child.type === "element");
    const text = paragraph?.tagName === "p" ? paragraph.children[0] : undefined;
    if (text?.type !== "text") return;
    const match = /^\s*\[!(\w+)\][ \t]*(?:\r?\n|$)/.exec(text.value);
    const kind = match?.[1]?.toLowerCase() ?? "";
    if (match === null || !ALERTS.includes(kind)) return;
    text.value = text.value.slice(match[0].length);
    element.tagName = "div";
    element.properties = { className: ["markdown-alert", `markdown-alert-${kind}`] };
    const title = kind.charAt(0).toUpperCase() + kind.slice(1);
    const titleParagraph: Element = {
      type: "element",
      tagName: "p",
      properties: { className: ["markdown-alert-title"] },
      children: [{ type: "text", value: title }],
    };
    element.children.unshift(titleParagraph);
  });
}

/** Blocks of code in a document that are highlighted; more are shown plain. */
const highlightedBlocksMax = 200;

async function highlightCode(tree: Root, highlighter: Highlighter): Promise<void> {
  const blocks: { readonly code: Element; readonly language: string; readonly text: string }[] = [];
  visitParents(tree, "element", (code, ancestors) => {
    const parent = ancestors.at(-1) as Element | undefined;
    if (code.tagName !== "code" || parent?.tagName !== "pre" || blocks.length >= highlightedBlocksMax) return;
    const [className] = (code.properties["className"] ?? []) as (string | number)[];
    const language = /^language-(.+)$/.exec(String(className ?? ""))?.[1];
    const only = code.children.length === 1 ? code.children[0] : undefined;
    if (language !== undefined && only?.type === "text" && !hasLongLine(only.value))
      blocks.push({ code, language, text: only.value });
  });
  for (const { code, language, text } of blocks) {
    const highlight = await highlighter.forLanguage(language);
    if (highlight !== undefined) code.children = highlight(text).children as ElementContent[];
  }
}
