import type { Branded } from "./branded.ts";

/** A hash function that git names objects with; a repository uses one for its whole life. */
export type ObjectFormat = "sha1" | "sha256";

/** The lower-case hexadecimal name of a git object: 40 characters for sha1, 64 for sha256. */
export type ObjectId = Branded<string, "ObjectId">;

/** Characters in an object id of `format`. */
export function objectIdLength(format: ObjectFormat): 40 | 64 {
  return format === "sha1" ? 40 : 64;
}

/** Parses an object id of the given format; undefined for anything else, upper case included. */
export function parseObjectId(text: string, format: ObjectFormat): ObjectId | undefined {
  return text.length === objectIdLength(format) && /^[0-9a-f]+$/.test(text) ? (text as ObjectId) : undefined;
}

/** The all-zero id that stands for "no object": the old side of a creation, the new side of a deletion. */
export function zeroObjectId(format: ObjectFormat): ObjectId {
  return "0".repeat(objectIdLength(format)) as ObjectId;
}

/** Whether `id` is the all-zero id. */
export function isZeroObjectId(id: ObjectId): boolean {
  return /^0+$/.test(id);
}
