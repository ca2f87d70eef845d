/**
 * Repositories that lack objects here: what of them is served meanwhile, and which they are, across restarts.
 *
 * A held repository is served with the refs that were last projected: all that they reach is here (DESIGN D3, "its last complete
 * height"). One of which nothing whole is here is not served at all.
 */
import { existsSync, readFileSync } from "node:fs";
import { ForgeState, type Repository } from "@guts/ledger";
import { parseRepositoryId, type ObjectId, type RefName, type RepositoryId, type TimeMs } from "@guts/primitives";
import { writeFileDurably } from "../data/data-directory.ts";

/** What a held repository serves. */
export interface HeldRepository {
  /** The refs that are whole here; undefined when nothing is. */
  readonly refs: ReadonlyMap<RefName, ObjectId> | undefined;
  /** What is wrong: objects have not come yet, or were found to be damaged. */
  readonly reason: "incomplete" | "damaged";
}

/** The held repositories of a node. */
export class HeldRepositories {
  readonly #file: string;
  readonly #held = new Map<RepositoryId, HeldRepository>();
  readonly #waiting = new Map<RepositoryId, PromiseWithResolvers<void>>();

  constructor(file: string) {
    this.#file = file;
  }

  /** The repositories that were held when the node stopped; they are to be held again before anything is served. */
  stored(): readonly (readonly [RepositoryId, HeldRepository["reason"]])[] {
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, "utf8")
      .split("\n")
      .flatMap((line) => {
        const [number, reason] = line.split(" ");
        const id = parseRepositoryId(Number(number));
        if (id === undefined || (reason !== "incomplete" && reason !== "damaged")) return [];
        return [[id, reason] as const];
      });
  }

  get(id: RepositoryId): HeldRepository | undefined {
    return this.#held.get(id);
  }

  get size(): number {
    return this.#held.size;
  }

  /** Holds a repository; durable when this returns. */
  hold(id: RepositoryId, held: HeldRepository): void {
    this.#held.set(id, held);
    if (!this.#waiting.has(id)) this.#waiting.set(id, Promise.withResolvers());
    this.#store();
  }

  /** The repository has all its objects again. */
  release(id: RepositoryId): void {
    if (!this.#held.delete(id)) return;
    this.#store();
    this.#waiting.get(id)?.resolve();
    this.#waiting.delete(id);
  }

  /** Resolves when the repository is not held. Throws the signal's reason. */
  async whenReleased(id: RepositoryId, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const released = this.#waiting.get(id)?.promise;
    if (released === undefined) return;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await Promise.race([released, aborted]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  #store(): void {
    writeFileDurably(this.#file, Array.from(this.#held, ([id, { reason }]) => `${id} ${reason}\n`).join(""));
  }
}

/**
 * The state as the doors serve it: refs of held repositories are those that are whole here.
 *
 * Such a repository also looks as if it had last changed a moment before it did, so that nothing that was kept by the time of
 * its last change is taken for what it is once it is whole.
 */
export class ServedState extends ForgeState {
  readonly #held: Pick<HeldRepositories, "get">;

  constructor(state: ForgeState, held: Pick<HeldRepositories, "get">) {
    super(state.reader);
    this.#held = held;
  }

  override repository(id: RepositoryId): Repository | undefined {
    const row = super.repository(id);
    if (row === undefined || this.#held.get(id) === undefined) return row;
    return { ...row, updatedTime: Math.max(0, row.updatedTime - 1) as TimeMs };
  }

  override ref(repository: RepositoryId, name: RefName): ObjectId | undefined {
    const held = this.#held.get(repository);
    return held === undefined ? super.ref(repository, name) : held.refs?.get(name);
  }

  override refs(repository: RepositoryId): Iterable<readonly [RefName, ObjectId]> {
    const held = this.#held.get(repository);
    return held === undefined ? super.refs(repository) : sorted(held.refs ?? new Map());
  }
}

/** Refs by ascending bytes of the name, as the state has them. */
function sorted(refs: ReadonlyMap<RefName, ObjectId>): readonly (readonly [RefName, ObjectId])[] {
  return [...refs].sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
}
