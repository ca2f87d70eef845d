import { join } from "node:path";
import type { RefName, RepositoryId } from "@guts/primitives";
import type { KeyedMutex } from "../keyed-mutex.ts";
import type { KnownPacks } from "../replication/pack-file.ts";
import type { PendingPromotion, ReachabilityRecord, SafeUpdate } from "../reachability.ts";
import type { QuarantineDirectory } from "./quarantine-directory.ts";
import type { Quarantine } from "./receive-outcome.ts";

/** What a quarantine belongs to. */
export interface PushQuarantineOptions {
  readonly repository: RepositoryId;
  readonly repositoryPath: string;
  /** Undefined when the push brought no objects. */
  readonly directory: QuarantineDirectory | undefined;
  /** The pack that came in: its file's name without the suffix, and its SHA-256 in hexadecimal. */
  readonly pack: { readonly name: string; readonly sha256: string } | undefined;
  /** The commands other than deletions. */
  readonly updates: readonly SafeUpdate[];
  readonly record: ReachabilityRecord;
  readonly locks: KeyedMutex<RepositoryId>;
  readonly knownPacks?: KnownPacks;
}

/** The objects of one checked push, on their way into the repository. */
export class PushQuarantine implements Quarantine {
  readonly #options: PushQuarantineOptions;
  readonly #pending: PendingPromotion;
  #state: "waiting" | "promoted" | "disposed" = "waiting";

  constructor(options: PushQuarantineOptions) {
    this.#options = options;
    this.#pending = {
      unprojected: new Map<RefName, SafeUpdate>(options.updates.map((update) => [update.name, update])),
      forget: async () => options.directory?.remove(),
    };
  }

  get packPath(): string | undefined {
    const { directory, pack, repositoryPath } = this.#options;
    if (directory === undefined || pack === undefined) return undefined;
    const isPromoted = this.#state === "promoted";
    return join(isPromoted ? join(repositoryPath, "objects", "pack") : directory.packDirectory, `${pack.name}.pack`);
  }

  async promote(signal: AbortSignal): Promise<void> {
    const { repository, directory, record, locks, knownPacks, pack } = this.#options;
    await locks.run(repository, signal, async () => {
      if (this.#state !== "waiting") return;
      // The push counts as open before its first object can be seen, and stays so if moving fails half-way.
      record.addPending(repository, this.#pending);
      this.#state = "promoted";
      await directory?.promote();
      if (pack !== undefined) knownPacks?.note(repository, pack.sha256, pack.name);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { repository, repositoryPath, directory, record } = this.#options;
    const wasPromoted = this.#state === "promoted";
    if (this.#state === "disposed") return;
    this.#state = "disposed";
    if (wasPromoted) await record.settle(repository, repositoryPath, this.#pending);
    else await directory?.remove();
  }
}
