import type { ObjectId } from "@guts/primitives";
import type { GitPerson } from "../read/commit.ts";

/** The content of a commit object that a merge makes. Persons and message are bytes already: a rebase keeps them as they are. */
export interface CommitParts {
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: Uint8Array;
  readonly committer: Uint8Array;
  /** The value of the header that names the message's encoding, when it is not UTF-8. */
  readonly encoding: Uint8Array | undefined;
  readonly message: Uint8Array;
}

/** The content of a commit object, as git lays it out (gitformat-commit: tree, parents, author, committer, encoding, message). */
export function encodeCommit({ tree, parents, author, committer, encoding, message }: CommitParts): Buffer {
  const ids = [`tree ${tree}\n`, ...parents.map((parent) => `parent ${parent}\n`)].join("");
  const headers: readonly (readonly [string, Uint8Array])[] = [
    ["author", author],
    ["committer", committer],
    ...(encoding === undefined ? [] : [["encoding", encoding] as const]),
  ];
  const lines = headers.flatMap(([name, value]) => [Buffer.from(`${name} `), value, newline]);
  return Buffer.concat([Buffer.from(ids), ...lines, newline, message]);
}

const newline = Buffer.from("\n");

/**
 * A person as git writes one: `Name <email> seconds zone`. As in git, characters that would end the name or the line are left out,
 * so that reading the line back and writing it again gives the same bytes.
 */
export function encodePerson({ name, email, timeSeconds, zoneMinutes }: GitPerson): Buffer {
  const size = Math.abs(zoneMinutes);
  const digits = String(Math.floor(size / 60) * 100 + (size % 60)).padStart(4, "0");
  const zone = `${zoneMinutes < 0 ? "-" : "+"}${digits}`;
  return Buffer.from(`${plain(name)} <${plain(email)}> ${timeSeconds} ${zone}`);
}

/** Without what git calls crud: control characters, angle brackets, and blanks or punctuation at the ends. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}<>]/gu, "")
    .replaceAll(/^[\s.,:;"\\']+|[\s.,:;"\\']+$/gu, "");
}

/** The headers of a commit object that a rebase keeps, byte for byte. */
export type KeptParts = Pick<CommitParts, "author" | "encoding" | "message">;

/** Reads them; undefined for an object that is no commit git would have made. */
export function readKeptParts(bytes: Buffer): KeptParts | undefined {
  const end = bytes.indexOf("\n\n");
  const author = headerOf(bytes, "author");
  if (end < 0 || author === undefined) return undefined;
  return { author, encoding: headerOf(bytes, "encoding"), message: bytes.subarray(end + 2) };
}

/** The bytes that say who made a commit object, and when; undefined as above. */
export function readCommitter(bytes: Buffer): Buffer | undefined {
  return headerOf(bytes, "committer");
}

function headerOf(bytes: Buffer, name: string): Buffer | undefined {
  const headEnd = bytes.indexOf("\n\n");
  const head = bytes.subarray(0, headEnd < 0 ? bytes.length : headEnd);
  const start = head.indexOf(`\n${name} `);
  if (start < 0) return undefined;
  const from = start + name.length + 2;
  const end = head.indexOf("\n", from);
  return head.subarray(from, end < 0 ? head.length : end);
}
