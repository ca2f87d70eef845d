import type { ObjectFormat, ObjectId } from "@guts/primitives";
import type { ObjectType } from "../push/receive-outcome.ts";
import type { Browser } from "../read/browser.ts";
import type { ObjectReaders } from "../read/object-readers.ts";
import { decodeTree, type TreeLine } from "../read/tree.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import { DraftStore } from "./draft-store.ts";
import { editTree, type TreeAccess, type TreeChange, type TreeEditRejection } from "./edit-tree.ts";
import {
  type CommitFields,
  decodeTreeItems,
  encodeCommit,
  encodeTag,
  encodeTree,
  newObject,
  type NewObject,
  type TagFields,
  treeMode,
} from "./object-encoding.ts";
import { writePack } from "./pack-writer.ts";

/** What becomes of one file. Without a mode it keeps the one it has. */
export type FileChange =
  | { readonly path: string; readonly action: "delete" }
  | ({ readonly path: string; readonly action: "write"; readonly mode?: string | undefined } & (
      | { readonly content: Uint8Array }
      | { readonly id: ObjectId }
    ));

/** A commit that changes files of another one, or of nothing. */
export interface CommitBuildOptions extends Omit<CommitFields, "tree" | "parents"> {
  readonly format: ObjectFormat;
  readonly parent: ObjectId | undefined;
  readonly changes: readonly FileChange[];
  readonly signal: AbortSignal;
}

/** A commit with a pack of what the repository lacks of it, for {@link GitEngine.receivePack}. */
export interface BuiltCommit {
  readonly outcome: "built";
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly pack: AsyncIterable<Uint8Array>;
}

/** Why objects cannot be made so. */
export type BuildRejection =
  | TreeEditRejection
  | { readonly outcome: "rejected"; readonly code: "object-missing"; readonly id: ObjectId };

/** An object to keep until a ref leads to it. */
export type DraftOptions = { readonly format: ObjectFormat; readonly signal: AbortSignal } & (
  | { readonly type: "blob"; readonly bytes: Uint8Array }
  | ({ readonly type: "commit" } & CommitFields)
  | ({ readonly type: "tag" } & TagFields)
  | { readonly type: "tree"; readonly base: ObjectId | undefined; readonly changes: readonly TreeChange[] }
);

/** A draft, or why there is none. */
export type DraftOutcome = { readonly outcome: "drafted"; readonly id: ObjectId } | BuildRejection;

interface WriteContext {
  readonly place: RepositoryPlace;
  readonly format: ObjectFormat;
  readonly signal: AbortSignal;
}

/**
 * Makes objects without a working copy. A commit that is made here goes the way of any push: what is new of it is packed, and the pack is
 * received, indexed and checked by git like one that a client sends.
 */
export class ObjectWriter {
  readonly #browser: Browser;
  readonly #readers: ObjectReaders;
  readonly drafts = new DraftStore();

  constructor(browser: Browser, readers: ObjectReaders) {
    this.#browser = browser;
    this.#readers = readers;
  }

  /** Builds a commit; nothing is stored. */
  async buildCommit(place: RepositoryPlace, options: CommitBuildOptions): Promise<BuiltCommit | BuildRejection> {
    const { format, parent, changes, signal } = options;
    const context = { place, format, signal };
    const made = new Map<ObjectId, NewObject>();
    const add = (type: ObjectType, bytes: Uint8Array): ObjectId => keep(made, newObject(format, type, bytes));
    const base = parent === undefined ? undefined : await this.#browser.readCommit(place, parent, signal);
    if (parent !== undefined && base === undefined) return missing(parent);
    const named = changes.map(({ path, ...change }): TreeChange => {
      if (change.action === "delete") return { path, to: undefined };
      const id = "id" in change ? change.id : add("blob", change.content);
      return { path, to: { mode: change.mode, id } };
    });
    const absent = await this.#findAbsent(context, named, made);
    if (absent !== undefined) return missing(absent);
    const edited = await editTree(this.#trees(context, made), base?.tree, named);
    if (edited.outcome === "rejected") return edited;
    const { tree } = edited;
    const commit = add("commit", encodeCommit({ ...options, tree, parents: parent === undefined ? [] : [parent] }));
    const pack = await this.#pack(context, commit, made);
    return { outcome: "built", commit, tree, pack: pack! };
  }

  /** Keeps one object until a ref leads to it, or its time is over. */
  async draft(place: RepositoryPlace, options: DraftOptions): Promise<DraftOutcome> {
    const { format, type } = options;
    if (type === "tree") return this.#draftTree({ place, ...options }, options.base, options.changes);
    if (type === "blob") return this.#keepDraft(place, newObject(format, "blob", options.bytes));
    const needed = type === "commit" ? ([options.tree, ...options.parents] as const) : ([options.target] as const);
    for (const id of needed) if ((await this.#typeOf(place, id)) === undefined) return missing(id);
    return this.#keepDraft(
      place,
      newObject(format, type, type === "commit" ? encodeCommit(options) : encodeTag(options)),
    );
  }

  /** The entries of a tree that is a draft or in the repository. */
  async listTree(place: RepositoryPlace, id: ObjectId, signal: AbortSignal): Promise<readonly TreeLine[] | undefined> {
    const draft = await this.drafts.read(place, id);
    if (draft === undefined) return this.#browser.treeLines(place, id, signal);
    return draft.type === "tree" ? decodeTree(Buffer.from(draft.bytes), id.length === 40 ? 20 : 32) : undefined;
  }

  /** A pack of the drafts that this one leads to; undefined when it is none itself. */
  packDrafts(context: WriteContext, id: ObjectId): Promise<AsyncIterable<Uint8Array> | undefined> {
    return this.#pack(context, id, new Map());
  }

  async #draftTree(
    context: WriteContext,
    base: ObjectId | undefined,
    changes: readonly TreeChange[],
  ): Promise<DraftOutcome> {
    const { place } = context;
    if (base !== undefined && (await this.#typeOf(place, base)) !== "tree") return missing(base);
    const absent = await this.#findAbsent(context, changes, new Map());
    if (absent !== undefined) return missing(absent);
    const made = new Map<ObjectId, NewObject>();
    const edited = await editTree(this.#trees(context, made), base, changes);
    if (edited.outcome === "rejected") return edited;
    for (const object of made.values()) await this.drafts.write(place, object);
    return { outcome: "drafted", id: edited.tree };
  }

  async #keepDraft(place: RepositoryPlace, object: NewObject): Promise<DraftOutcome> {
    await this.drafts.write(place, object);
    return { outcome: "drafted", id: object.id };
  }

  /** The first object that a change names and that is not there as what its mode says; a submodule's commit is elsewhere. */
  async #findAbsent(
    { place }: WriteContext,
    changes: readonly TreeChange[],
    made: ReadonlyMap<ObjectId, NewObject>,
  ): Promise<ObjectId | undefined> {
    for (const { to } of changes) {
      if (to === undefined || made.has(to.id) || to.mode === "160000") continue;
      const wanted = to.mode?.endsWith("40000") === true ? "tree" : "blob";
      if ((await this.#typeOf(place, to.id)) !== wanted) return to.id;
    }
    return undefined;
  }

  async #typeOf(place: RepositoryPlace, id: ObjectId): Promise<ObjectType | undefined> {
    return (await this.drafts.read(place, id))?.type ?? (await this.#readers.info(place, id))?.type;
  }

  #trees({ place, format, signal }: WriteContext, made: Map<ObjectId, NewObject>): TreeAccess {
    return {
      read: async (id) => {
        const draft = made.get(id) ?? (await this.drafts.read(place, id));
        const bytes = draft?.bytes ?? (await this.#browser.treeBytes(place, id, signal)) ?? new Uint8Array();
        return decodeTreeItems(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), format);
      },
      add: (items) => keep(made, newObject(format, "tree", encodeTree(items))),
    };
  }

  /** Packs what is new of an object: what was made, or drafted. The rest must be in the repository, which receiving proves. */
  async #pack(
    { place, format }: WriteContext,
    root: ObjectId,
    made: ReadonlyMap<ObjectId, NewObject>,
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    const read = async (id: ObjectId): Promise<NewObject | undefined> => made.get(id) ?? this.drafts.read(place, id);
    const ids = await this.#walk(place, root, { made, read, format });
    if (ids.size === 0) return undefined;
    const objects = async function* () {
      for (const id of ids) {
        const object = await read(id);
        if (object !== undefined) yield object; // A draft that has just gone makes a pack that git refuses.
      }
    };
    return writePack(format, { count: ids.size, objects: objects() });
  }

  async #walk(
    place: RepositoryPlace,
    root: ObjectId,
    {
      made,
      read,
      format,
    }: {
      readonly made: ReadonlyMap<ObjectId, NewObject>;
      readonly read: (id: ObjectId) => Promise<NewObject | undefined>;
      readonly format: ObjectFormat;
    },
  ): Promise<ReadonlySet<ObjectId>> {
    const found = new Set<ObjectId>();
    const left: Child[] = [{ id: root, isBlob: false }];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const { id, isBlob } = next;
      if (found.has(id) || !(made.has(id) || (await this.drafts.has(place, id)))) continue;
      const object = isBlob ? undefined : await read(id);
      if (object === undefined && !isBlob) continue;
      found.add(id);
      if (object !== undefined) left.push(...childrenOf(object, format));
    }
    return found;
  }
}

function keep(made: Map<ObjectId, NewObject>, object: NewObject): ObjectId {
  made.set(object.id, object);
  return object.id;
}

function missing(id: ObjectId): BuildRejection {
  return { outcome: "rejected", code: "object-missing", id };
}

interface Child {
  readonly id: ObjectId;
  /** It names nothing, so it need not be read. */
  readonly isBlob: boolean;
}

/** What an object names, apart from commits of submodules. */
function childrenOf({ type, bytes }: NewObject, format: ObjectFormat): readonly Child[] {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (type === "blob") return [];
  if (type === "tree")
    return decodeTreeItems(content, format)
      .filter(({ mode }) => mode !== "160000")
      .map(({ id, mode }) => ({ id, isBlob: mode !== treeMode }));
  const head = content.toString("latin1").split("\n\n", 1)[0]!;
  return Array.from(head.matchAll(/^(?:tree|parent|object) ([0-9a-f]+)$/gm), ([, id]) => ({
    id: id as ObjectId,
    isBlob: false,
  }));
}
