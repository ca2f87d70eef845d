import type { ObjectId } from "@guts/primitives";
import type { ObjectType } from "../push/receive-outcome.ts";
import { commitSignature, tagSignature, type GitSignature } from "./object-signature.ts";

/** Who made or applied a commit or tag. */
export interface GitPerson {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970; 0 when the object does not say. */
  readonly timeSeconds: number;
  /** Minutes east of UTC. */
  readonly zoneMinutes: number;
}

/** A commit object. */
export interface GitCommit {
  readonly id: ObjectId;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: GitPerson;
  readonly committer: GitPerson;
  /** The whole message; cut off when it is longer than what is read of a commit. */
  readonly message: string;
  /** What is signed and by what; undefined when nothing is. */
  readonly signature: GitSignature | undefined;
}

/** An annotated tag object. */
export interface GitTag {
  readonly id: ObjectId;
  readonly target: ObjectId;
  readonly targetType: ObjectType;
  readonly name: string;
  readonly tagger: GitPerson | undefined;
  /** With the signature that ends it, if there is one. */
  readonly message: string;
  readonly signature: GitSignature | undefined;
}

/** Reads the content of a commit object. Lenient: old tools wrote odd commits, and all of them must be shown. */
export function decodeCommit(id: ObjectId, bytes: Uint8Array): GitCommit {
  const { headers, message } = decodeHeaders(bytes);
  return {
    id,
    tree: (headers.find(([key]) => key === "tree")?.[1] ?? "") as ObjectId,
    parents: headers.filter(([key]) => key === "parent").map(([, value]) => value as ObjectId),
    author: decodePerson(valueOf(headers, "author")),
    committer: decodePerson(valueOf(headers, "committer")),
    message,
    signature: commitSignature(id, bytes),
  };
}

/** Reads the content of an annotated tag object. */
export function decodeTag(id: ObjectId, bytes: Uint8Array): GitTag {
  const { headers, message } = decodeHeaders(bytes);
  const tagger = headers.find(([key]) => key === "tagger")?.[1];
  return {
    id,
    target: valueOf(headers, "object") as ObjectId,
    targetType: valueOf(headers, "type") as ObjectType,
    name: valueOf(headers, "tag"),
    tagger: tagger === undefined ? undefined : decodePerson(tagger),
    message,
    signature: tagSignature(bytes),
  };
}

/** Reads `Name <email> seconds zone`; whatever is missing is empty or zero. */
export function decodePerson(text: string): GitPerson {
  const match = /^([^<]*)<([^>]*)>(?:\s+(-?\d{1,15})(?:\s+([+-]\d{4}))?)?/.exec(text);
  const zone = Number(match?.[4] ?? 0);
  return {
    name: (match?.[1] ?? text).trim(),
    email: match?.[2]?.trim() ?? "",
    timeSeconds: Number(match?.[3] ?? 0),
    zoneMinutes: Math.trunc(zone / 100) * 60 + (zone % 100),
  };
}

type Headers = readonly (readonly [key: string, value: string])[];

function valueOf(headers: Headers, key: string): string {
  return headers.find(([candidate]) => candidate === key)?.[1] ?? "";
}

/** Header lines until the empty line; a line that begins with a space continues the one before (signatures). */
function decodeHeaders(bytes: Uint8Array): { readonly headers: Headers; readonly message: string } {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = raw.indexOf("\n\n");
  const head = raw.subarray(0, end < 0 ? raw.length : end);
  const encoding = /^encoding (.+)$/m.exec(head.toString("latin1"))?.[1];
  const decode = decoderOf(encoding);
  const headers = decode(head)
    .split("\n")
    .filter((line) => !line.startsWith(" "))
    .map((line): [string, string] => {
      const space = line.indexOf(" ");
      return space < 0 ? [line, ""] : [line.slice(0, space), line.slice(space + 1)];
    });
  return { headers, message: end < 0 ? "" : decode(raw.subarray(end + 2)) };
}

const lenientUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function decoderOf(encoding: string | undefined): (bytes: Uint8Array) => string {
  if (encoding === undefined || /^utf-?8$/i.test(encoding)) return (bytes) => lenientUtf8.decode(bytes);
  try {
    const decoder = new TextDecoder(encoding);
    return (bytes) => decoder.decode(bytes);
  } catch {
    return (bytes) => lenientUtf8.decode(bytes);
  }
}
