import { createHash } from "node:crypto";
import type { ObjectFormat, ObjectId } from "@guts/primitives";
import type { ObjectType } from "../push/receive-outcome.ts";
import type { GitPerson } from "../read/commit.ts";

/** An object as git names it: by the digest of its type, length and content. */
export interface NewObject {
  readonly id: ObjectId;
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

/** Names an object. */
export function newObject(format: ObjectFormat, type: ObjectType, bytes: Uint8Array): NewObject {
  const id = createHash(format).update(`${type} ${bytes.length}\0`).update(bytes).digest("hex") as ObjectId;
  return { id, type, bytes };
}

/** An entry of a tree as its bytes say. */
export interface TreeItem {
  /** The bytes of the name as latin-1, so that a name that is not UTF-8 stays what it is. */
  readonly name: string;
  /** As git writes it: `40000` for a tree. */
  readonly mode: string;
  readonly id: ObjectId;
}

/** The mode of a tree in a tree. */
export const treeMode = "40000";

/** Reads a tree's content, byte for byte. */
export function decodeTreeItems(bytes: Buffer, format: ObjectFormat): TreeItem[] {
  const idLength = format === "sha1" ? 20 : 32;
  const items: TreeItem[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const zero = bytes.indexOf(0, space);
    if (space < 0 || zero < 0) break;
    const mode = bytes.toString("latin1", at, space);
    at = zero + 1 + idLength;
    const id = bytes.toString("hex", zero + 1, at) as ObjectId;
    items.push({ name: bytes.toString("latin1", space + 1, zero), mode, id });
  }
  return items;
}

/** A tree's content: entries by the bytes of their names, where a tree's name counts as if it ended in a slash. */
export function encodeTree(items: Iterable<TreeItem>): Buffer {
  const keyed = Array.from(items, (item) => ({ item, key: item.mode === treeMode ? `${item.name}/` : item.name }));
  keyed.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
  return Buffer.concat(
    keyed.map(({ item: { mode, name, id } }) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`, "latin1"), Buffer.from(id, "hex")]),
    ),
  );
}

/** What a commit says. */
export interface CommitFields {
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: GitPerson;
  readonly committer: GitPerson;
  readonly message: string;
  /** An armored signature of the commit without it. */
  readonly signature?: string | undefined;
}

/** A commit's content. The message is written as it is. */
export function encodeCommit({ tree, parents, author, committer, message, signature }: CommitFields): Buffer {
  const lines = [`tree ${tree}`, ...parents.map((id) => `parent ${id}`)];
  lines.push(`author ${encodePerson(author)}`, `committer ${encodePerson(committer)}`);
  // A header goes on in lines that begin with a space.
  if (signature !== undefined) lines.push(`gpgsig ${signature.trimEnd().replace(/\r?\n/g, "\n ")}`);
  return Buffer.from([...lines, "", message].join("\n"));
}

/** What an annotated tag says. */
export interface TagFields {
  readonly target: ObjectId;
  readonly targetType: ObjectType;
  readonly name: string;
  readonly tagger: GitPerson;
  readonly message: string;
}

/** An annotated tag's content. */
export function encodeTag({ target, targetType, name, tagger, message }: TagFields): Buffer {
  const lines = [`object ${target}`, `type ${targetType}`, `tag ${name}`, `tagger ${encodePerson(tagger)}`];
  return Buffer.from([...lines, "", message.replace(/\n?$/, "\n")].join("\n"));
}

/** `Name <email> seconds zone`, without the characters that would end a part of it, as git leaves them out (ident.c). */
export function encodePerson({ name, email, timeSeconds, zoneMinutes }: GitPerson): string {
  const size = Math.abs(zoneMinutes);
  const zone = `${zoneMinutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${two(size % 60)}`;
  return `${withoutCrud(name)} <${withoutCrud(email)}> ${timeSeconds} ${zone}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

function withoutCrud(text: string): string {
  return text.replace(/[<>\n\0]/g, "").replace(/^[\s\p{Cc}.,:;"\\']+|[\s\p{Cc}.,:;"\\']+$/gu, "");
}
