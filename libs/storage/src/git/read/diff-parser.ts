import { isZeroObjectId, type ObjectId } from "@guts/primitives";

/** How much of a diff is wanted. */
export interface DiffLimits {
  /** Files that are listed. */
  readonly filesMax: number;
  /** Bytes of one file's hunks. */
  readonly fileBytesMax: number;
  /** Bytes of all hunks. */
  readonly totalBytesMax: number;
}

/** What happened to a file. */
export type FileStatus = "added" | "modified" | "deleted" | "renamed" | "copied" | "type-changed";

/** One changed file. */
export interface GitFileDiff {
  readonly path: string;
  /** Where it was, when it was renamed or copied. */
  readonly previousPath: string | undefined;
  readonly status: FileStatus;
  /** Undefined on the side where the file is not. */
  readonly oldId: ObjectId | undefined;
  readonly newId: ObjectId | undefined;
  readonly oldMode: string | undefined;
  readonly newMode: string | undefined;
  /** Lines; 0 for binary files. */
  readonly additions: number;
  readonly deletions: number;
  readonly isBinary: boolean;
  /** Hunks only, without the `diff --git` lines; cut at the end of a line when the file's or the diff's bound is reached. */
  readonly patch: string;
  /** Hunks are missing. */
  readonly isTruncated: boolean;
}

/** A line of a hunk. Numbers count from 1 and are undefined on the side where the line is not. */
export interface DiffLine {
  readonly kind: "context" | "added" | "deleted";
  readonly text: string;
  readonly oldNumber: number | undefined;
  readonly newNumber: number | undefined;
  /** The file ends here without a line feed. */
  readonly endsWithoutNewline: boolean;
}

/** A run of changed lines with their surroundings. */
export interface DiffHunk {
  readonly oldStart: number;
  readonly newStart: number;
  /** What git shows after `@@`: the function or section. */
  readonly section: string;
  readonly lines: readonly DiffLine[];
}

const STATUS: Readonly<Record<string, FileStatus>> = {
  A: "added",
  M: "modified",
  D: "deleted",
  R: "renamed",
  C: "copied",
  T: "type-changed",
};

interface RawEntry {
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldId: string;
  readonly newId: string;
  readonly status: FileStatus;
  readonly previousPath: string | undefined;
  readonly path: string;
}

interface LineCounts {
  readonly additions: number;
  readonly deletions: number;
  readonly isBinary: boolean;
}

/**
 * Reads `git diff-tree -z --raw --numstat --patch`: first all files, then their line counts, each field ended by NUL, then
 * an empty field and the patch. Names come from the first part, where they are not quoted; the patch follows its order.
 * Output that is not whole may end anywhere.
 */
export function parseDiff(
  output: Buffer,
  { limits, isWhole }: { readonly limits: DiffLimits; readonly isWhole: boolean },
): { readonly files: readonly GitFileDiff[]; readonly isCut: boolean } {
  const fields = new Fields(output);
  const entries = readRawEntries(fields);
  const counts = entries.map((entry) => readLineCounts(fields, entry));
  const sections = new PatchSections(output, fields.skipSeparator(), isWhole);
  let bytesLeft = limits.totalBytesMax;
  const files = entries.slice(0, limits.filesMax).map((entry, index): GitFileDiff => {
    const { patch, isTruncated } = sections.next(entry.status, Math.min(limits.fileBytesMax, bytesLeft));
    bytesLeft -= patch.length;
    return {
      path: entry.path,
      previousPath: entry.previousPath,
      status: entry.status,
      oldId: isZero(entry.oldId) ? undefined : (entry.oldId as ObjectId),
      newId: isZero(entry.newId) ? undefined : (entry.newId as ObjectId),
      oldMode: isZero(entry.oldId) ? undefined : entry.oldMode,
      newMode: isZero(entry.newId) ? undefined : entry.newMode,
      ...(counts[index] ?? { additions: 0, deletions: 0, isBinary: false }),
      patch: patch.toString("utf8"),
      isTruncated: isTruncated || counts[index] === undefined,
    };
  });
  return {
    files,
    isCut:
      entries.length > files.length ||
      fields.isCut ||
      (!isWhole && (entries.length === 0 || counts.includes(undefined))),
  };
}

/** Reads the hunks of one file's patch. */
export function parseHunks(patch: string): readonly DiffHunk[] {
  const hunks: { oldStart: number; newStart: number; section: string; lines: DiffLine[] }[] = [];
  let oldNumber = 0;
  let newNumber = 0;
  for (const line of patch.split("\n")) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/.exec(line);
    if (header !== null) {
      [oldNumber, newNumber] = [Number(header[1]), Number(header[2])];
      hunks.push({ oldStart: oldNumber, newStart: newNumber, section: header[3]!, lines: [] });
      continue;
    }
    const lines = hunks.at(-1)?.lines;
    const last = lines?.at(-1);
    if (lines === undefined) continue;
    const text = line.slice(1);
    const common = { text, endsWithoutNewline: false };
    if (line.startsWith("+")) lines.push({ ...common, kind: "added", oldNumber: undefined, newNumber: newNumber++ });
    else if (line.startsWith("-"))
      lines.push({ ...common, kind: "deleted", oldNumber: oldNumber++, newNumber: undefined });
    else if (line.startsWith(" ")) {
      lines.push({ ...common, kind: "context", oldNumber: oldNumber++, newNumber: newNumber++ });
    } else if (line.startsWith("\\") && last !== undefined) lines.splice(-1, 1, { ...last, endsWithoutNewline: true });
  }
  return hunks;
}

/** Fields ended by NUL. */
class Fields {
  readonly #bytes: Buffer;
  #at = 0;
  #isCut = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The output ended in the middle of what was read. */
  get isCut(): boolean {
    return this.#isCut;
  }

  peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  next(): string | undefined {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) {
      this.#isCut = true;
      this.#at = this.#bytes.length;
      return undefined;
    }
    const field = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end + 1;
    return field;
  }

  /** Where the patch begins. */
  skipSeparator(): number {
    if (this.peek() === 0) this.#at++;
    return this.#at;
  }
}

function isZero(id: string): boolean {
  return isZeroObjectId(id as ObjectId);
}

const COLON = 58;

function readRawEntries(fields: Fields): RawEntry[] {
  const entries: RawEntry[] = [];
  while (fields.peek() === COLON) {
    const [oldMode, newMode, oldId, newId, letter] = (fields.next() ?? "").slice(1).split(" ");
    const status = STATUS[letter?.[0] ?? ""];
    const hasTwoPaths = status === "renamed" || status === "copied";
    const first = fields.next();
    const path = hasTwoPaths ? fields.next() : first;
    if (status === undefined || path === undefined) break;
    entries.push({
      oldMode: oldMode!,
      newMode: newMode!,
      oldId: oldId!,
      newId: newId!,
      status,
      previousPath: hasTwoPaths ? first : undefined,
      path,
    });
  }
  return entries;
}

/** `added TAB deleted TAB path`, or with an empty path and two more fields for a rename; `-` for binary files. */
function readLineCounts(fields: Fields, entry: RawEntry): LineCounts | undefined {
  const match = /^(\d+|-)\t(\d+|-)\t/.exec(fields.next() ?? "");
  if (entry.previousPath !== undefined) {
    fields.next();
    fields.next();
  }
  if (match === null) return undefined;
  const isBinary = match[1] === "-";
  return { additions: isBinary ? 0 : Number(match[1]), deletions: isBinary ? 0 : Number(match[2]), isBinary };
}

const FILE_HEADER = Buffer.from("\ndiff --git ");
const HUNK_HEADER = Buffer.from("\n@@ -");

/**
 * The patch, file by file. Lines of content begin with a space, `+`, `-` or a backslash, so only a header can begin with
 * `diff --git`.
 */
class PatchSections {
  readonly #bytes: Buffer;
  readonly #isWhole: boolean;
  #at: number;

  constructor(bytes: Buffer, start: number, isWhole: boolean) {
    this.#bytes = bytes;
    this.#at = start;
    this.#isWhole = isWhole;
  }

  /** The hunks of the next file; a change of type is written as a deletion and an addition. */
  next(status: FileStatus, bytesMax: number): { readonly patch: Buffer; readonly isTruncated: boolean } {
    const parts = status === "type-changed" ? [this.#section(), this.#section()] : [this.#section()];
    const hunks = Buffer.concat(parts.map(({ bytes }) => hunksOf(bytes)));
    const isCut = parts.some(({ isWhole }) => !isWhole);
    if (hunks.length <= bytesMax && !isCut) return { patch: hunks, isTruncated: false };
    const end = hunks.lastIndexOf(10, Math.min(bytesMax, hunks.length) - 1);
    return { patch: hunks.subarray(0, end + 1), isTruncated: true };
  }

  #section(): { readonly bytes: Buffer; readonly isWhole: boolean } {
    const start = this.#at;
    const end = this.#bytes.indexOf(FILE_HEADER, start);
    this.#at = end < 0 ? this.#bytes.length : end + 1;
    return { bytes: this.#bytes.subarray(start, this.#at), isWhole: end >= 0 || this.#isWhole };
  }
}

function hunksOf(section: Buffer): Buffer {
  const start = section.indexOf(HUNK_HEADER);
  return start < 0 ? Buffer.alloc(0) : section.subarray(start + 1);
}
