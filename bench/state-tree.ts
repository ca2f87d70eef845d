/**
 * What the authenticated tree costs at a million keys: `node bench/state-tree.ts [KEYS]`.
 *
 * The state store's own file, real syncs. Printed: CPU microseconds of a read, of a block's update for each changed key, bytes
 * on disk for each key, and the length of a proof.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { digestOf, encode, u64 } from "@guts/primitives";
import { proveState, updateStateTree, type PageReader, type StateChange } from "@guts/ledger";
import { stateProofCodec } from "@guts/verifier";

const keyCount = Number(process.argv[2] ?? 1_000_000);
const batch = 10_000;
const directory = mkdtempSync(join(tmpdir(), "guts-bench-"));
const file = join(directory, "tree.sqlite");
const database = new DatabaseSync(file);
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;
  CREATE TABLE entry (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE page (prefix BLOB PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID`);
const getPage = database.prepare("SELECT bytes FROM page WHERE prefix = ?");
const putPage = database.prepare("INSERT OR REPLACE INTO page VALUES (?, ?)");
const deletePage = database.prepare("DELETE FROM page WHERE prefix = ?");
const getEntry = database.prepare("SELECT value FROM entry WHERE key = ?");
const putEntry = database.prepare("INSERT OR REPLACE INTO entry VALUES (?, ?)");
const pages: PageReader = { page: (prefix) => getPage.get(prefix)?.["bytes"] as Uint8Array | undefined };

const keyOf = (index: number): Uint8Array =>
  new Uint8Array([0x22, ...encode(u64, index % 1000), ...encode(u64, index)]);
const valueOf = (index: number, round: number): Uint8Array =>
  digestOf("stateValue", encode(u64, index + round)).subarray(0, 24);

function write(changes: readonly StateChange[]): void {
  database.exec("BEGIN");
  for (const { key, value } of changes) putEntry.run(key, value!);
  for (const { prefix, bytes } of updateStateTree(pages, changes).pages) {
    if (bytes === undefined) deletePage.run(prefix);
    else putPage.run(prefix, bytes);
  }
  database.exec("COMMIT");
}

/** CPU time in microseconds: wall time says more about the machine's other work. */
function timed(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

const filling = timed(() => {
  for (let from = 0; from < keyCount; from += batch) {
    write(Array.from({ length: batch }, (_, index) => ({ key: keyOf(from + index), value: valueOf(from + index, 0) })));
  }
});
process.stdout.write(`filled ${keyCount} keys: ${(filling / keyCount).toFixed(1)} us a key\n`);

for (const size of [1, 4, 40, 400, 4_000]) {
  const rounds = Math.max(5, Math.min(200, Math.floor(8_000 / size)));
  const micros: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const changes = Array.from({ length: size }, (_, index) => {
      const key = Math.floor(((round * size + index) * 7_919.77) % keyCount);
      return { key: keyOf(key), value: valueOf(key, round + 1) };
    });
    micros.push(timed(() => write(changes)));
  }
  micros.sort((left, right) => left - right);
  const median = micros[micros.length >> 1]!;
  process.stdout.write(
    `block of ${size} changed keys: ${(median / 1_000).toFixed(2)} ms median, ${(median / size).toFixed(0)} us a key\n`,
  );
}

const reading = timed(() => {
  for (let index = 0; index < 10_000; index++) getEntry.get(keyOf((index * 7_919) % keyCount));
});
process.stdout.write(`read: ${(reading / 10_000).toFixed(1)} us\n`);
const source = {
  ...pages,
  get: (key: Uint8Array) => getEntry.get(key)?.["value"] as Uint8Array | undefined,
  scan: () => [],
};
const proof = proveState(source, keyOf(12_345));
process.stdout.write(`proof: ${proof.siblings.length} siblings, ${encode(stateProofCodec, proof).length} bytes\n`);
database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
process.stdout.write(`disk: ${(statSync(file).size / keyCount).toFixed(0)} bytes a key\n`);
database.close();
rmSync(directory, { recursive: true });
