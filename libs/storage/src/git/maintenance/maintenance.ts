import type { RepositoryId } from "@guts/primitives";
import { isSystemError } from "../durable.ts";
import { isGitEngineError } from "../errors.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import { countPacks, lacksBitmaps, repack, type RepackContext, wantsFullRepack } from "./repack.ts";

/** Where failures of work go that nobody waits for. */
export type MaintenanceErrorHandler = (error: unknown, id: RepositoryId) => void;

/** Keeps the number of packs bounded: looks at a repository after each push and repacks one repository at a time. */
export class Maintenance implements AsyncDisposable {
  readonly #context: RepackContext;
  readonly #onError: MaintenanceErrorHandler;
  readonly #waiting = new Map<RepositoryId, RepositoryPlace>();
  readonly #closing = new AbortController();
  #running: { readonly id: RepositoryId; readonly abort: AbortController } | undefined;
  #idle: Promise<void> = Promise.resolve();

  constructor(context: RepackContext, onError: MaintenanceErrorHandler) {
    this.#context = context;
    this.#onError = onError;
  }

  /** Called after refs changed; returns at once. */
  onProjected(place: RepositoryPlace): void {
    if (this.#closing.signal.aborted || this.#waiting.has(place.id)) return;
    void this.#isDue(place).then(
      (isDue) => isDue && this.#enqueue(place),
      (error: unknown) => this.#report(error, place.id),
    );
  }

  /** Repacks now, whether it is due or not, after what is under way. */
  async run(place: RepositoryPlace, signal: AbortSignal): Promise<void> {
    await this.#alone(() => repack(this.#context, place, signal));
  }

  /** Gives up work on a repository that is about to be deleted. */
  cancel(id: RepositoryId): void {
    this.#waiting.delete(id);
    if (this.#running?.id === id) this.#running.abort.abort();
  }

  /** Settled when nothing waits or runs. */
  async whenIdle(): Promise<void> {
    let seen: Promise<void>;
    do {
      seen = this.#idle;
      await seen;
    } while (seen !== this.#idle);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#waiting.clear();
    this.#running?.abort.abort();
    await this.whenIdle();
  }

  async #isDue(place: RepositoryPlace): Promise<boolean> {
    if ((await countPacks(place.path)) >= this.#context.packsBeforeRepack) return true;
    return (await wantsFullRepack(this.#context, place)) || lacksBitmaps(place.path);
  }

  #enqueue(place: RepositoryPlace): void {
    if (this.#closing.signal.aborted || this.#waiting.has(place.id)) return;
    this.#waiting.set(place.id, place);
    void this.#alone(() => this.#runWaiting(place));
  }

  async #runWaiting(place: RepositoryPlace): Promise<void> {
    if (!this.#waiting.delete(place.id)) return;
    const abort = new AbortController();
    this.#running = { id: place.id, abort };
    try {
      await repack(this.#context, place, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) this.#report(error, place.id);
    } finally {
      this.#running = undefined;
    }
  }

  /** One at a time: a repack takes a processor and much of the disk. */
  #alone(work: () => Promise<void>): Promise<void> {
    const result = this.#idle.then(work);
    this.#idle = result.catch(() => undefined);
    return result;
  }

  #report(error: unknown, id: RepositoryId): void {
    // The repository was deleted, or the engine closed, meanwhile.
    if (isGitEngineError(error, "closed") || isGitEngineError(error, "repository-missing")) return;
    if (isSystemError(error, "ENOENT")) return;
    this.#onError(error, id);
  }
}
