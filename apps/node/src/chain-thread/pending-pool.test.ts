import { decode, encode, type Height, type TimeMs } from "@guts/primitives";
import { envelopeCodec } from "@guts/ledger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { NetworkOfStores } from "./network-of-stores.fixture.ts";
import { PendingPool, poolLimits } from "./pending-pool.ts";

let network: NetworkOfStores;
let pool: PendingPool;
const fromPeer = { isOwn: false, isFinal: () => false };
const none = new Map();

beforeEach(() => {
  network = new NetworkOfStores();
  pool = new PendingPool();
});
afterEach(() => network[Symbol.dispose]());

describe("a transaction", () => {
  test("waits once, whoever brings it, until it is removed", () => {
    const { raw } = network.signUp("alice");
    expect(pool.add(raw, none, fromPeer)).toBe("added");
    expect(pool.add(raw, none, { ...fromPeer, isOwn: true })).toBe("known");
    const { id } = [...pool.pending()][0]!;
    pool.remove(id);
    expect(pool.size).toBe(0);
    expect(pool.add(raw, none, fromPeer)).toBe("added");
  });

  test("is not taken in when the chain has it", () => {
    expect(pool.add(network.signUp("alice").raw, none, { isOwn: false, isFinal: () => true })).toBe("final");
    expect(pool.size).toBe(0);
  });

  test("is verified when it comes", () => {
    const { raw } = network.signUp("alice");
    const envelope = decode(envelopeCodec, raw);
    const forged = encode(envelopeCodec, { ...envelope, body: { ...envelope.body, account: 7 } });
    expect(pool.add(forged, none, fromPeer)).toBe("wrong-signature");
    expect(pool.add(raw.subarray(1), none, fromPeer)).toBe("malformed");
    expect(pool.add(new Uint8Array(), none, fromPeer)).toBe("malformed");
    expect(pool.isVerified(raw)).toBe(false);
    pool.add(raw, none, fromPeer);
    expect(pool.isVerified(raw)).toBe(true);
    expect(pool.isVerified(forged)).toBe(false);
  });

  test("leaves when no later block may hold it", () => {
    pool.add(network.signUp("alice").raw, none, fromPeer);
    const { envelope } = [...pool.pending()][0]!;
    const { expiresTime, expiresHeight } = envelope.body;
    pool.expire((expiresTime - 1) as TimeMs, (expiresHeight - 1) as Height);
    expect(pool.size).toBe(1);
    pool.expire(expiresTime, 1 as Height);
    expect(pool.size).toBe(0);
  });
});

test("one admitting node fills its share and no more, and gets it back", () => {
  const text = new Uint8Array(1024 * 1024);
  const contents = new Map(
    Array.from({ length: 4 }, (_, index) => [String(index), { salt: text.subarray(0, 16), text }]),
  );
  let taken = 0;
  for (;;) {
    const outcome = pool.add(network.signUp(`user-${taken}`).raw, contents, fromPeer);
    if (outcome !== "added") {
      expect(outcome).toBe("full");
      break;
    }
    taken++;
  }
  expect(taken).toBe(Math.floor(poolLimits.perNodeBytesMax / (4 * 1024 * 1024 + 300)));
  for (const { id } of [...pool.pending()].slice(0, 1)) pool.remove(id);
  expect(pool.add(network.signUp("late").raw, contents, fromPeer)).toBe("added");
});
