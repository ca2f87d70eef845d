/** Column types that PostgreSQL and PGlite store and sort alike, whatever the locale of the server. */
import { bigint, customType } from "drizzle-orm/pg-core";
import { concatBytes, nodeIdOf, parsePublicKey, publicKeyOfNode, type NodeId } from "@guts/primitives";

/** Text that sorts by its bytes. */
export const text = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' });

/** Bytes. Buffers of the driver become plain arrays, so that rows of two databases compare equal. */
export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => "bytea",
  fromDriver: (value) => new Uint8Array(value),
});

/** A safe integer: the ledger's ids, heights and milliseconds. */
export const integer = (name: string) => bigint(name, { mode: "number" });

/** Node ids as their 32-byte keys, one after the other: they are read whole and never searched. */
export const nodeIds = customType<{ data: readonly NodeId[]; driverData: Uint8Array }>({
  dataType: () => "bytea",
  toDriver: (ids) => concatBytes(...ids.map((id) => publicKeyOfNode(id))),
  fromDriver: (value) =>
    Array.from({ length: value.length / keyLength }, (_, index) =>
      nodeIdOf(parsePublicKey(new Uint8Array(value.subarray(index * keyLength, (index + 1) * keyLength)))!),
    ),
});

const keyLength = 32;
