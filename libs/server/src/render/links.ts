import type { LinkBase } from "./job.ts";

/** Where a link in a document leads. External ones leave this node. */
export interface ResolvedLink {
  readonly href: string;
  readonly isExternal: boolean;
}

const SAFE_SCHEMES = new Set(["http", "https", "mailto", "irc", "ircs", "xmpp"]);

/**
 * Resolves a link as it stands in a document of a repository: `#x` within the document, a path within the repository
 * (never above its root), or an absolute URL of a harmless scheme. Undefined for anything else.
 */
export function resolveLink(link: string, base: LinkBase, kind: "blob" | "raw"): ResolvedLink | undefined {
  // oxlint-disable-next-line no-control-regex -- URL parsers drop these, so a scheme could hide behind them
  const text = link.replace(/[\u0000-\u0020\u007f]/g, (character) => (character === " " ? "%20" : ""));
  if (text === "") return undefined;
  if (text.startsWith("#")) return { href: anchor(text), isExternal: false };
  if (/^[\\/]{2}/.test(text)) return { href: `https://${text.replace(/^[\\/]+/, "")}`, isExternal: true };
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) return SAFE_SCHEMES.has(scheme) ? { href: text, isExternal: true } : undefined;
  if (text.includes("\\")) return undefined;
  const [, path = "", query = "", fragment = ""] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(text) ?? [];
  const inside = normalizePath(path.startsWith("/") ? path : `${base.directory}/${path}`);
  const root = kind === "raw" ? base.raw : base.blob;
  return { href: `${root}/${inside}${query}${fragment}`, isExternal: false };
}

/** Headings of a document get ids with this prefix, so that they cannot take the name of something of the page. */
function anchor(fragment: string): string {
  return fragment.startsWith("#user-content-") || fragment === "#" ? fragment : `#user-content-${fragment.slice(1)}`;
}

function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    const decoded = part.replace(/%2e/gi, ".");
    if (decoded === "..") parts.pop();
    else if (decoded !== "" && decoded !== ".") parts.push(part.replace(/"/g, "%22"));
  }
  return parts.join("/");
}
