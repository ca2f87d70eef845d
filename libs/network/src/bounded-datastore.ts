import { MemoryDatastore } from "datastore-core/memory";
import { Key } from "interface-datastore/key";

import type { NodeId } from "@guts/primitives";

import { parsePeerId } from "./identity.ts";

const peersNamespace = "peers";

/**
 * What libp2p remembers, in memory: of admitted nodes what they tell of themselves, and a bounded number of records
 * of the distributed hash table, of which the oldest give way. libp2p itself would keep whatever it is told.
 */
export class BoundedDatastore extends MemoryDatastore {
  readonly #isAdmitted: (nodeId: NodeId) => boolean;
  readonly #recordCountMax: number;
  readonly #records = new Set<string>();

  constructor(isAdmitted: (nodeId: NodeId) => boolean, recordCountMax: number) {
    super();
    this.#isAdmitted = isAdmitted;
    this.#recordCountMax = recordCountMax;
  }

  override put(key: Key, value: Uint8Array): Key | Promise<Key> {
    const [namespace, name] = key.namespaces();
    if (namespace === peersNamespace) {
      const nodeId = name === undefined ? undefined : parsePeerId(name);
      return nodeId !== undefined && this.#isAdmitted(nodeId) ? super.put(key, value) : key;
    }
    this.#records.delete(key.toString());
    this.#records.add(key.toString());
    this.#forgetOldest();
    return super.put(key, value);
  }

  override delete(key: Key): void | Promise<void> {
    this.#records.delete(key.toString());
    return super.delete(key);
  }

  #forgetOldest(): void {
    for (const oldest of this.#records) {
      if (this.#records.size <= this.#recordCountMax) return;
      void this.delete(new Key(oldest));
    }
  }
}
