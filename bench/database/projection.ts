/**
 * `node bench/database/projection.ts [--rounds 5] [--blocks 200]`: what the rows of a block cost, on both kinds of database.
 *
 * Each write changes a repository's description. The cases take turns, round by round, each on a database of its own; CPU is that
 * of this process, where the embedded database has a thread, and of the server's processes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  appliedBlockOf,
  openReadModel,
  type AppliedBlock,
  type DatabaseLocation,
  type LedgerPart,
  type ReadModel,
} from "@guts/database";
import { parseHandle, parseRepositoryName, publicKeyOf, type AccountId, type RepositoryId } from "@guts/primitives";
import type { LedgerCommand } from "@guts/ledger";
import { SimulatedLedger, type SimulatedCommand } from "@guts/testing";
import { startPostgres } from "../../tools/postgres.ts";
import { describeMachine } from "../machine.ts";
import { treeCpuMs } from "../process-tree.ts";
import { quantile, row } from "../statistics.ts";

interface Case {
  readonly name: string;
  readonly writesPerBlock: number;
  /** Blocks of one database transaction, as when the projection is behind. */
  readonly blocksTogether: number;
}

const cases: readonly Case[] = [
  { name: "one write in a block", writesPerBlock: 1, blocksTogether: 1 },
  { name: "ten writes in a block", writesPerBlock: 10, blocksTogether: 1 },
  { name: "one write, 32 blocks together", writesPerBlock: 1, blocksTogether: 32 },
];
const widths = [40, 14, 12] as const;
const signal = new AbortController().signal;

const { values: flags } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, blocks: { type: "string", default: "200" } },
});
const blockCount = Number(flags.blocks);

console.log(`${describeMachine()}\n`);
console.log(row(widths, ["rows of", "CPU ms/block", "ms/block"]));

const folder = mkdtempSync(join(tmpdir(), "guts-bench-"));
await using server = await startPostgres();
const locations: Readonly<Record<string, DatabaseLocation>> = {
  PGlite: { type: "embedded", directory: join(folder, "rows") },
  PostgreSQL: { type: "server", url: server.url },
};
const ledger = new SimulatedLedger(1);
const seed = ledger.administratorSeed;
const account = signUp();
const repository = makeRepository();
const models = await Promise.all(
  Object.entries(locations).map(async ([name, location]) => [name, await openAt(location)] as const),
);
const costs = new Map<string, { readonly cpuMs: number; readonly wallMs: number }[]>();
for (let round = 0; round <= Number(flags.rounds); round++) {
  for (const each of cases) {
    const blocks = Array.from({ length: blockCount }, () => blockOf(each.writesPerBlock));
    for (const [database, model] of models) {
      const name = `${database}: ${each.name}`;
      const cost = await project(model, blocks, each.blocksTogether);
      // The first round warms up.
      if (round > 0) costs.set(name, [...(costs.get(name) ?? []), cost]);
    }
  }
}
for (const [name, list] of [...costs].toSorted(([left], [right]) => (left < right ? -1 : 1))) {
  const middle = (of: "cpuMs" | "wallMs"): number =>
    quantile(
      list.map((cost) => cost[of]),
      0.5,
    );
  console.log(row(widths, [name, middle("cpuMs"), middle("wallMs")]));
}
for (const [, model] of models) await model.close();
rmSync(folder, { recursive: true, force: true });

async function project(model: ReadModel, blocks: readonly AppliedBlock[], together: number) {
  const cpuBefore = treeCpuMs([process.pid]);
  const started = performance.now();
  for (let at = 0; at < blocks.length; at += together) await model.project(blocks.slice(at, at + together), signal);
  const wallMs = (performance.now() - started) / blocks.length;
  return { wallMs, cpuMs: (treeCpuMs([process.pid]) - cpuBefore) / blocks.length };
}

/** With rows of the state as it is; what led to it is not measured. */
async function openAt(location: DatabaseLocation): Promise<ReadModel> {
  const model = await openReadModel({ location, networkId: ledger.networkId, onQuarantine: fail });
  const { height, hash: headerHash } = ledger.tip;
  const changes = Array.from(ledger.state.entries(), ([key, value]) => ({ key, value }));
  const none = (): readonly never[] => [];
  const whole: LedgerPart = { blocks: none, changes: () => changes, contents: none, events: none };
  await model.rebuild({ height, headerHash, whole: () => whole, since: () => undefined }, signal);
  return model;
}

function fail(): never {
  throw new Error("a row was refused");
}

function blockOf(writes: number): AppliedBlock {
  const commands = Array.from({ length: writes }, () => {
    const description = { value: ledger.offerText(`written at ${ledger.tip.height}`) };
    const same = { homepage: undefined, visibility: undefined, defaultBranch: undefined };
    return byKey({ kind: "repository.update", payload: { repository, description, ...same } });
  });
  const block = ledger.appendBlock(60_000, commands);
  if (block.events.length !== writes) throw new Error("a write was refused");
  return appliedBlockOf(block);
}

function byKey(command: LedgerCommand, by: number = account): SimulatedCommand {
  return { command, account: by, signer: { type: "key", seed }, node: ledger.nodes[0] };
}

function signUp(): AccountId {
  const payload = { handle: parseHandle("bench")!, rootKey: publicKeyOf(seed), homeNode: ledger.nodes[0].id };
  const absent = { deviceKey: undefined, invitation: undefined };
  ledger.appendBlock(1_000, [byKey({ kind: "account.create", payload: { ...payload, ...absent } }, 0)]);
  return ledger.forge.keyOwner(publicKeyOf(seed))!.account;
}

function makeRepository(): RepositoryId {
  const name = parseRepositoryName("bench")!;
  const absent = { defaultBranch: undefined, description: undefined, homepage: undefined };
  const payload = { owner: account, name, visibility: "public", objectFormat: "sha1", ...absent } as const;
  ledger.appendBlock(1_000, [byKey({ kind: "repository.create", payload })]);
  return ledger.forge.findRepository(account, name)!.found.id;
}
