/**
 * The arguments of the v2 command `ls-refs`, from gitprotocol-v2(5).
 */
import { GitWireError } from "../errors.ts";
import { refPrefixCountMax } from "../limits.ts";
import { excerptOf, type ByteString } from "./byte-string.ts";

/** A client's question for refs. */
export interface LsRefsRequest {
  /** Answer what an annotated tag finally points to. */
  readonly peel: boolean;
  /** Answer where a symbolic ref (in a Guts repository only HEAD) points to. */
  readonly symrefs: boolean;
  /** Answer HEAD even when the branch it points to does not exist yet. */
  readonly unborn: boolean;
  /** Refs to answer: those that begin with one of these bytes; every ref when the list is empty. */
  readonly refPrefixes: readonly ByteString[];
}

const PREFIX = "ref-prefix ";

/** Reads the argument lines of `ls-refs`. Throws `argument-unknown`. */
export function parseLsRefsArguments(lines: readonly ByteString[]): LsRefsRequest {
  const flags = new Set(lines.filter((line) => !line.startsWith(PREFIX)));
  for (const flag of flags)
    if (flag !== "peel" && flag !== "symrefs" && flag !== "unborn")
      throw new GitWireError("argument-unknown", { argument: excerptOf(flag) });
  const prefixes = lines.filter((line) => line.startsWith(PREFIX)).map((line) => line.slice(PREFIX.length));
  return {
    peel: flags.has("peel" as ByteString),
    symrefs: flags.has("symrefs" as ByteString),
    unborn: flags.has("unborn" as ByteString),
    refPrefixes: prefixes.length > refPrefixCountMax ? [] : (prefixes as ByteString[]),
  };
}
