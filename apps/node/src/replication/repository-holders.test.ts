import { digestOf, utf8, type NodeId, type RepositoryId } from "@guts/primitives";
import { beforeEach, expect, test } from "vitest";

import { RepositoryHolders, type HolderTable } from "./repository-holders.ts";

const network = digestOf("genesis", utf8("one"));
const repository = (id: number): RepositoryId => id as RepositoryId;
const signal = new AbortController().signal;

/** A table in memory whose writes can fail. */
class MemoryTable implements HolderTable {
  readonly holders = new Map<string, NodeId[]>();
  provided = 0;
  isDown = false;

  async provide(key: Uint8Array): Promise<void> {
    if (this.isDown) throw new Error("nobody is there");
    this.provided++;
    const name = Buffer.from(key).toString("hex");
    this.holders.set(name, [...(this.holders.get(name) ?? []), "me" as NodeId]);
  }

  async findProviders(key: Uint8Array): Promise<readonly NodeId[]> {
    return this.holders.get(Buffer.from(key).toString("hex")) ?? [];
  }
}

let table: MemoryTable;
let holders: RepositoryHolders;
beforeEach(() => {
  table = new MemoryTable();
  holders = new RepositoryHolders(network, table);
});

test("a repository that was announced is found, another is not, nor in another network", async () => {
  holders.announce(repository(1));
  await holders.settled();
  expect(await holders.find(repository(1), signal)).toEqual(["me"]);
  expect(await holders.find(repository(2), signal)).toEqual([]);
  const elsewhere = new RepositoryHolders(digestOf("genesis", utf8("two")), table);
  expect(await elsewhere.find(repository(1), signal)).toEqual([]);
});

test("a repository is announced once, however often it is pushed to", async () => {
  for (let push = 0; push < 5; push++) holders.announce(repository(1));
  await holders.settled();
  holders.announce(repository(1));
  await holders.settled();
  expect(table.provided).toBe(1);
});

test("an announcement that nobody heard is made again with the next push", async () => {
  table.isDown = true;
  holders.announce(repository(1));
  await holders.settled();
  table.isDown = false;
  holders.announce(repository(1));
  await holders.settled();
  expect(await holders.find(repository(1), signal)).toEqual(["me"]);
});
