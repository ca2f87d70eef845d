/**
 * Object filters of partial clones, from git-rev-list(1) `--filter`.
 *
 * We offer `blob:none`, `blob:limit=N[kmg]`, `tree:DEPTH`, `object:type=TYPE` and `combine:A+B` of these. `sparse:oid`
 * is not offered: git would read the named blob whether or not the client may see it.
 */
import { GitWireError } from "../errors.ts";
import { assertWithin, wireLimits } from "../limits.ts";
import { excerptOf } from "./byte-string.ts";

/** The text of a filter that was checked, as it is passed to git. */
export type ObjectFilter = string & { readonly __brand: "ObjectFilter" };

const SIMPLE =
  /^(blob:none|blob:limit=(0|[1-9][0-9]{0,14})[kmgKMG]?|tree:(0|[1-9][0-9]{0,8})|object:type=(blob|tree|commit|tag))$/;

/** Parses a filter. Throws `filter-unsupported`, `limit-exceeded`. */
export function parseObjectFilter(text: string): ObjectFilter {
  assertWithin("filterBytesMax", text.length);
  const parts = text.startsWith("combine:") ? text.slice("combine:".length).split("+").map(unescape) : [text];
  if (parts.length > wireLimits.filterPartCountMax || !parts.every((part) => SIMPLE.test(part ?? "")))
    throw new GitWireError("filter-unsupported", { filter: excerptOf(text) });
  return text as ObjectFilter;
}

/** Parts of a combined filter are percent-encoded. */
function unescape(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
