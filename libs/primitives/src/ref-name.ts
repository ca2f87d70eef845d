import type { Branded } from "./branded.ts";
import { utf8 } from "./bytes.ts";

/** A full ref name such as `refs/heads/main`, in the grammar of git-check-ref-format. */
export type RefName = Branded<string, "RefName">;

/** The longest ref name in bytes of UTF-8: a loose ref is a file, and ext4 and xfs end a component at 255. */
export const refNameBytesMax = 255;

// oxlint-disable-next-line no-control-regex -- the grammar forbids exactly these
const FORBIDDEN = /[\u0000-\u0020\u007f~^:?*[\\]/;

/**
 * Parses a full ref name.
 *
 * The rules are those of git-check-ref-format(1), and the name must begin with `refs/` and have a third component.
 */
export function parseRefName(text: string): RefName | undefined {
  if (!text.startsWith("refs/") || !text.isWellFormed() || utf8(text).length > refNameBytesMax) return undefined;
  if (FORBIDDEN.test(text) || text.includes("..") || text.includes("@{") || text.endsWith(".")) return undefined;
  const components = text.split("/");
  if (components.length < 3) return undefined;
  const sound = components.every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
  return sound ? (text as RefName) : undefined;
}

/** `refs/heads/` plus a branch's short name, or undefined when that is no ref name. A short name never begins with `-`. */
export function parseBranchName(short: string): RefName | undefined {
  return short.startsWith("-") || short === "HEAD" ? undefined : parseRefName(`refs/heads/${short}`);
}

/** The part after `refs/heads/` or `refs/tags/`; other names stay whole. */
export function shortRefName(name: RefName): string {
  return name.replace(/^refs\/(heads|tags)\//, "");
}
