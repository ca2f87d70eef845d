import type { Journal } from "@guts/consensus";
import type { Random } from "../../random.ts";

/** Bytes that a record takes beside its own: a length and a checksum, as on disk. */
const frameBytes = 8;

/**
 * A journal on a simulated disk: what was synced survives a crash; of what was not, a crash leaves any number of bytes. A
 * record that is cut anywhere fails its checksum and ends the journal.
 */
export class SimulatedJournal implements Journal {
  #records: Uint8Array[] = [];
  #syncedCount = 0;
  #bytes = 0;
  readonly #bytesScale: number;

  /** `bytesScale` makes the journal say that it is so many times as large, so that short runs compact it, too. */
  constructor(bytesScale: number, records: readonly Uint8Array[] = []) {
    this.#bytesScale = bytesScale;
    this.#replace(records);
  }

  /** Records that a crash could take. */
  get unsyncedCount(): number {
    return this.#records.length - this.#syncedCount;
  }

  get bytes(): number {
    return this.#bytes * this.#bytesScale;
  }

  read(): readonly Uint8Array[] {
    return this.#records.slice();
  }

  append(record: Uint8Array): void {
    this.#records.push(record.slice());
    this.#bytes += frameBytes + record.length;
  }

  sync(): void {
    this.#syncedCount = this.#records.length;
  }

  compact(keep: Iterable<Uint8Array>): void {
    this.#replace([...keep]);
  }

  /** A crash while the journal is replaced: it leaves the old records, the new ones, or both. */
  crashInCompaction(keep: Iterable<Uint8Array>, random: Random): void {
    const old = this.#records.slice(0, this.#syncedCount);
    const outcomes = [old, [...keep], [...old, ...keep]] as const;
    this.#replace(random.pick(outcomes));
  }

  /** Loses everything after a byte that chance picks among the unsynced ones; answers how many records went. */
  crash(random: Random): number {
    const unsynced = this.#records.slice(this.#syncedCount);
    const byteCount = unsynced.reduce((sum, record) => sum + frameBytes + record.length, 0);
    let kept = random.below(byteCount + 1);
    let survivors = 0;
    for (const record of unsynced) {
      kept -= frameBytes + record.length;
      if (kept < 0) break;
      survivors += 1;
    }
    this.#records.length = this.#syncedCount + survivors;
    this.#syncedCount = this.#records.length;
    return unsynced.length - survivors;
  }

  /** What a copy of the directory holds. */
  copy(): readonly Uint8Array[] {
    return this.#records.slice(0, this.#syncedCount);
  }

  #replace(records: readonly Uint8Array[]): void {
    this.#records = records.map((record) => record.slice());
    this.#syncedCount = this.#records.length;
    this.#bytes = 0;
  }
}
