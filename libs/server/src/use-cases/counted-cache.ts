import { LRUCache } from "lru-cache";

/**
 * A cache of at most `countMax` entries that grows with what it holds. (Given `max`, LRUCache allocates all places at
 * once: megabytes for a cache that may stay empty.)
 */
export function countedCache<Key extends {}, Value extends {}>(countMax: number): LRUCache<Key, Value> {
  return new LRUCache<Key, Value>({ maxSize: countMax, sizeCalculation: () => 1 });
}
