import type { ObjectId } from "@guts/primitives";
import type { ObjectType } from "../push/receive-outcome.ts";

/** One line of a tree object. */
export interface TreeLine {
  /** Text of the name; bytes that are not UTF-8 become U+FFFD, such an entry is shown but cannot be opened by path. */
  readonly name: string;
  /** Git's mode in six octal digits: `100644`, `100755`, `120000` (symbolic link), `040000` (tree), `160000` (submodule). */
  readonly mode: string;
  readonly type: ObjectType;
  readonly id: ObjectId;
}

/** An entry of a directory. */
export interface GitTreeEntry extends TreeLine {
  /** For blobs. */
  readonly sizeBytes: number | undefined;
}

/** Reads the content of a tree object, in git's order. */
export function decodeTree(bytes: Buffer, idLength: 20 | 32): TreeLine[] {
  const lines: TreeLine[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const zero = bytes.indexOf(0, space);
    if (space < 0 || zero < 0) break;
    const mode = bytes.toString("latin1", at, space).padStart(6, "0");
    at = zero + 1 + idLength;
    lines.push({
      name: bytes.toString("utf8", space + 1, zero),
      mode,
      type: typeOfMode(mode),
      id: bytes.toString("hex", zero + 1, at) as ObjectId,
    });
  }
  return lines;
}

function typeOfMode(mode: string): ObjectType {
  if (mode === "040000") return "tree";
  return mode === "160000" ? "commit" : "blob";
}

/**
 * The names of a path below the root of a tree, without empty ones; undefined when it cannot name anything in a tree
 * (`..`, a NUL byte). The empty path is the root.
 */
export function pathSegments(path: string): readonly string[] | undefined {
  const segments = path.split("/").filter((segment) => segment !== "");
  const isSound = segments.every((segment) => segment !== "." && segment !== ".." && !segment.includes("\0"));
  return isSound && path.isWellFormed() ? segments : undefined;
}
