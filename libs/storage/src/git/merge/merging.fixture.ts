/** What the tests of merges share: an engine with one repository, two branches of a person in it, and merges that must succeed. */
import type { ObjectId } from "@guts/primitives";
import {
  type Client,
  inPieces,
  mainRef,
  never,
  repositoryId,
  type TestEngine,
  testLimits,
} from "../testing.fixture.ts";
import type { ReceiveOutcome } from "../push/receive-outcome.ts";
import type { Merged, MergeOutcome, MergeRequest } from "./merge-outcome.ts";
import type { MergeClaim } from "./recompute-merge.ts";

const ada = { name: "Ada", email: "ada@example.org", timeSeconds: 1_700_000_100, zoneMinutes: 0 };

/** The files of a commit; undefined removes one. */
export type Files = Readonly<Record<string, string | undefined>>;

/** A repository on an engine, and a person's copy of it. */
export class MergeBench implements AsyncDisposable {
  readonly test: TestEngine;
  readonly client: Client;
  base!: ObjectId;
  head!: ObjectId;

  private constructor(test: TestEngine, client: Client) {
    this.test = test;
    this.client = client;
  }

  static async open(test: TestEngine, client: Client): Promise<MergeBench> {
    await test.engine.createRepository(repositoryId, client.format, never());
    return new MergeBench(test, client);
  }

  /** Makes a common commit and one more on each side, and pushes both. */
  async diverge(common: Files, ours: Files, theirs: Files): Promise<void> {
    const { client } = this;
    this.commit("common", common);
    client.git("checkout", "-q", "-b", "topic");
    this.commit("theirs", theirs);
    client.git("checkout", "-q", "main");
    this.commit("ours", ours);
    await this.push();
  }

  /** Commits files in the index; the working tree stays empty. */
  commit(message: string, files: Files): ObjectId {
    const { client } = this;
    for (const [path, content] of Object.entries(files))
      if (content === undefined) client.git("rm", "-q", "--cached", "--", path);
    const kept = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return client.commit(message, Object.fromEntries(kept));
  }

  /** Pushes both branches as they are. */
  async push(): Promise<void> {
    const { client, test } = this;
    this.base = client.id("main");
    this.head = client.id("topic");
    const before = new Map<string, ObjectId>(test.refs());
    const names = { "refs/heads/main": this.base, "refs/heads/topic": this.head };
    const moved = Object.entries(names).filter(([name, id]) => before.get(name) !== id);
    await test.push(
      client,
      moved.map(([name, id]) => client.update(name, before.get(name), id)),
    );
  }

  request(given: Partial<MergeRequest> = {}): MergeRequest {
    const { base, head } = this;
    return { method: "merge", base, head, author: ada, committer: ada, message: "Merge it\n", ...given };
  }

  merge(given: Partial<MergeRequest> = {}): Promise<MergeOutcome> {
    return this.test.engine.mergeCommits(repositoryId, this.request(given), never());
  }

  /** Merges and takes the result in as a push; the claim is checked on the way unless it is left out. */
  async land(given: Partial<MergeRequest> = {}): Promise<ObjectId> {
    const outcome = await this.merge(given);
    if (outcome.outcome !== "merged") throw new Error(JSON.stringify(outcome));
    await using merged = outcome;
    const { isUpToDate } = merged;
    const received = await this.receive(merged, { method: given.method ?? "merge", isUpToDate });
    if (received.outcome === "rejected") throw new Error(received.message);
    await using quarantine = received.quarantine;
    await quarantine.promote(never());
    return merged.result;
  }

  /** Gives the objects of a merge to the engine as another node does. */
  async receive(merged: Merged, claim: Partial<MergeClaim> = {}, engine = this.test.engine): Promise<ReceiveOutcome> {
    const pieces: Uint8Array[] = [];
    if (merged.openPack !== undefined) for await (const piece of merged.openPack(never())) pieces.push(piece);
    return this.receiveCommit(merged.result, pieces, claim, engine);
  }

  /** The same for a commit that somebody says is the merge. */
  receiveCommit(
    result: ObjectId,
    pieces: readonly Uint8Array[],
    claim: Partial<MergeClaim> = {},
    engine = this.test.engine,
  ): Promise<ReceiveOutcome> {
    return engine.receivePack(repositoryId, {
      commands: [this.client.update(mainRef, this.base, result)],
      pack: pieces.length === 0 ? undefined : inPieces(Buffer.concat(pieces)),
      merge: { name: mainRef, strategy: 1, method: "merge", head: this.head, isUpToDate: false, ...claim },
      tips: [this.base, this.head],
      limits: testLimits,
      signal: never(),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.test.engine.deleteRepository(repositoryId, never());
    this.client[Symbol.dispose]();
  }
}
