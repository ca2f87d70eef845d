/**
 * The commands of a push: `OLD SP NEW SP REF`, from gitprotocol-pack(5) "Reference Update Request".
 *
 * A line that is no command fails the whole request. A command that is well formed but cannot be executed is refused by
 * itself, with the words that git uses, so that the client reports it beside its ref and the other refs still move.
 */
import { fromUtf8, isZeroObjectId, parseRefName, type ObjectFormat, type ObjectId } from "@guts/primitives";
import { objectIdLength } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import { assertWithin } from "../limits.ts";
import type { RefUpdate } from "../ref-update.ts";
import { excerptOf, fromByteString, type ByteString } from "./byte-string.ts";
import { readObjectId } from "./object-format.ts";

/** Why a well-formed command is refused before anything else is looked at. */
export type CommandRefusal = "ref-name-invalid" | "ref-repeated" | "ids-both-zero";

/** A command that cannot be executed. Its name is kept byte for byte: the client finds its ref by it. */
export interface RefusedCommand {
  readonly name: ByteString;
  readonly code: CommandRefusal;
  /** The reason for the `ng` line. */
  readonly reason: string;
}

/** The commands of one push, sound and refused, each in the client's order. */
export interface PushCommands {
  readonly updates: readonly RefUpdate[];
  readonly refused: readonly RefusedCommand[];
  /** Whether the client sends a pack: it does unless every command deletes. */
  readonly hasPack: boolean;
}

/** One command as it stands on the wire: well formed, not yet judged. */
export interface CommandLine {
  readonly oldId: ObjectId;
  readonly newId: ObjectId;
  readonly name: ByteString;
}

const REASONS: Readonly<Record<CommandRefusal, string>> = {
  "ref-name-invalid": "funny refname",
  "ref-repeated": "multiple updates for one ref",
  "ids-both-zero": "neither an old nor a new object",
};

/** Parses a command without its capabilities. Throws `line-malformed`, `object-id-invalid`. */
export function parseCommandLine(text: ByteString, format: ObjectFormat): CommandLine {
  const length = objectIdLength(format);
  const name = text.slice(2 * length + 2) as ByteString;
  if (name === "" || name.includes("\0") || text[length] !== " " || text[2 * length + 1] !== " ")
    throw new GitWireError("line-malformed", { expected: "old new ref", excerpt: excerptOf(text) });
  const oldId = readObjectId(text.slice(0, length), format);
  return { oldId, newId: readObjectId(text.slice(length + 1, 2 * length + 1), format), name };
}

/** Sorts commands into those that may be tried and those that cannot. Throws `limit-exceeded`. */
export function judgeCommands(lines: readonly CommandLine[]): PushCommands {
  assertWithin("commandCountMax", lines.length);
  const countByName = new Map<ByteString, number>();
  for (const { name } of lines) countByName.set(name, (countByName.get(name) ?? 0) + 1);
  const updates: RefUpdate[] = [];
  const refusedByName = new Map<ByteString, RefusedCommand>();
  for (const line of lines) {
    const verdict = judgeCommand(line, countByName.get(line.name) === 1);
    if (typeof verdict === "object") updates.push(verdict);
    else refusedByName.set(line.name, { name: line.name, code: verdict, reason: REASONS[verdict] });
  }
  const hasPack = lines.some(({ newId }) => !isZeroObjectId(newId));
  return { updates, refused: [...refusedByName.values()], hasPack };
}

function judgeCommand({ oldId, newId, name: nameBytes }: CommandLine, isOnlyOne: boolean): RefUpdate | CommandRefusal {
  const text = fromUtf8(fromByteString(nameBytes));
  const name = text === undefined ? undefined : parseRefName(text);
  if (name === undefined) return "ref-name-invalid";
  if (!isOnlyOne) return "ref-repeated";
  return isZeroObjectId(oldId) && isZeroObjectId(newId) ? "ids-both-zero" : { name, oldId, newId };
}
