/** Which ref updates a repository accepts from somebody who may push. Git's facts are claims that receipts certify. */
import type { RefName } from "@guts/primitives";

/** What happens to a ref. */
export type RefUpdateKind = "create" | "update" | "delete";

/** One requested change, with what git said about it. */
export interface RefUpdateRequest {
  readonly name: RefName;
  readonly kind: RefUpdateKind;
}

/** Why a ref stays as it is. */
export type RefUpdateRefusal = "ref-hidden" | "ref-is-default-branch";

/** The namespaces that people write: branches, tags, notes. Everything else is the forge's own. */
const WRITABLE = ["refs/heads/", "refs/tags/", "refs/notes/"] as const;

/** Whether clients may write refs under this name. */
export function isPublicRef(name: RefName): boolean {
  return WRITABLE.some((prefix) => name.startsWith(prefix));
}

/** Whether clients may see a ref: those that they may write, and the heads of pull requests. */
export function isVisibleRef(name: RefName): boolean {
  return isPublicRef(name) || /^refs\/pull\/[1-9][0-9]*\/head$/.test(name);
}

/** Why `request` is refused, or undefined when it is allowed. */
export function refuseRefUpdate(request: RefUpdateRequest, defaultBranch: RefName): RefUpdateRefusal | undefined {
  if (!isPublicRef(request.name)) return "ref-hidden";
  if (request.kind === "delete" && request.name === defaultBranch) return "ref-is-default-branch";
  return undefined;
}
