import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ObjectFormat, ObjectId } from "@guts/primitives";
import { objectsProtocol, packOfferProtocol, packStreamProtocol } from "@guts/transfer";
import { describe, expect, test } from "vitest";
import { PackFetcher } from "./pack-fetcher.ts";
import { repair, repairNoteName, repairReportName, requestedRepair, requestRepair } from "./repair.ts";
import { Client, mainRef, never, repository, TestNetwork, type TestNode } from "./testing.fixture.ts";

const head = (node: TestNode) => node.plainGit("for-each-ref", "--format=%(objectname)", "refs/heads/main");
const servedHead = (node: TestNode) => node.served.ref(repository, mainRef);
const isComplete = (node: TestNode) => node.replication.objects.isComplete(repository);
const whenComplete = (node: TestNode) => node.replication.objects.whenComplete(repository, AbortSignal.timeout(20_000));

/** A history of so many pushes, which the given nodes follow. */
async function history(network: TestNetwork, client: Client, count: number, followers: readonly TestNode[]) {
  const commits: ObjectId[] = [];
  for (let index = 0; index < count; index++) {
    const next = client.commit(`file-${index}`, randomBytes(2_000).toString("hex"));
    await network.push(network.nodes[0]!, client, [client.update(commits.at(-1), next)], followers);
    commits.push(next);
  }
  return commits;
}

describe("a node that lacks the objects of a finalized push", () => {
  test.each<ObjectFormat>(["sha1", "sha256"])(
    "gets the pack by name from a signer, and projects the ref (%s)",
    async (format) => {
      await using network = await TestNetwork.open({ validators: 1, observers: 1, format });
      using client = new Client(format);
      const [origin, observer] = network.nodes;
      const [first] = await history(network, client, 1, [origin!, observer!]);
      expect([isComplete(observer!), head(observer!), servedHead(observer!)]).toEqual([true, first, first]);
      expect(network.asked).toEqual([packOfferProtocol]);
      // A push that builds on it is a thin pack no more: the named pack stands for itself.
      const second = client.commit("a", "b\n");
      await network.push(origin!, client, [client.update(first, second)]);
      expect(head(observer!)).toBe(second);
      observer!.plainGit("fsck", "--strict", "--connectivity-only");
    },
  );

  test("asks the next holder when the first has it not, or gives other bytes", async () => {
    await using network = await TestNetwork.open({ validators: 1, observers: 2 });
    using client = new Client();
    const [origin, empty, late] = network.nodes;
    const first = client.commit("a");
    const { push } = await origin!.receivePush(client, [client.update(undefined, first)]);
    await network.finalize(push, [origin!]);
    await late!.follow(push, { holders: [empty!.nodeId, origin!.nodeId] });
    expect([isComplete(late!), head(late!)]).toEqual([true, first]);
    expect(network.asked).toEqual([packOfferProtocol, packOfferProtocol]);
  });

  test("serves what it had until then, and is whole as soon as a holder is back", async () => {
    await using network = await TestNetwork.open({ validators: 1, observers: 1 });
    using client = new Client();
    const [origin, observer] = network.nodes;
    const [first] = await history(network, client, 1, [origin!, observer!]);
    const second = client.commit("b");
    const { push } = await origin!.receivePush(client, [client.update(first, second)]);
    await network.finalize(push, [origin!]);
    await origin!.stop();
    await observer!.follow(push);
    expect([isComplete(observer!), head(observer!), servedHead(observer!)]).toEqual([false, first, first]);
    const before = observer!.served.repository(repository)!.updatedTime;
    expect(before).toBeLessThan(observer!.forge.repository(repository)!.updatedTime);
    await origin!.start();
    await whenComplete(observer!);
    expect([head(observer!), servedHead(observer!)]).toEqual([second, second]);
    expect(observer!.served.repository(repository)!.updatedTime).toBeGreaterThan(before);
  });

  test("fetches once for all that it missed, however many pushes that were", async () => {
    await using network = await TestNetwork.open({ validators: 1, observers: 1 });
    using client = new Client();
    const [origin, observer] = network.nodes;
    const [first] = await history(network, client, 1, [origin!, observer!]);
    await observer!.stop();
    const missed: Parameters<TestNode["follow"]>[0][] = [];
    let last = first!;
    for (let index = 0; index < 5; index++) {
      const next = client.commit(`missed-${index}`);
      const { push } = await origin!.receivePush(client, [client.update(last, next)]);
      await network.finalize(push, [origin!]);
      missed.push(push);
      last = next;
    }
    await origin!.stop(); // A restarted holder knows no pack by name.
    await origin!.start();
    await observer!.start();
    network.asked.length = 0;
    for (const push of missed) await observer!.follow(push, { isCatchingUp: true });
    await whenComplete(observer!);
    expect(head(observer!)).toBe(last);
    expect(network.asked.filter((protocol) => protocol === objectsProtocol)).toHaveLength(1);
    observer!.plainGit("fsck", "--strict");
  });

  test("goes on after a restart, and after a branch was moved by force meanwhile", async () => {
    await using network = await TestNetwork.open({ validators: 1, observers: 1, withoutTls: true });
    using client = new Client();
    const [origin, observer] = network.nodes;
    const [first] = await history(network, client, 1, [origin!, observer!]);
    const second = client.commit("b");
    const { push } = await origin!.receivePush(client, [client.update(first, second)]);
    await network.finalize(push, [origin!]);
    await origin!.stop();
    await observer!.follow(push, { isCatchingUp: true });
    await observer!.stop();
    await observer!.start();
    expect([isComplete(observer!), servedHead(observer!)]).toEqual([false, first]);
    await origin!.start();
    client.reset(first!);
    const forced = client.commit("c");
    await network.push(origin!, client, [client.update(second, forced)]);
    await whenComplete(observer!);
    expect(head(observer!)).toBe(forced);
    expect(network.asked).toContain(packStreamProtocol);
  });

  test("is given nothing that no ref reaches, and nothing when it is not admitted", async () => {
    await using network = await TestNetwork.open({ validators: 1, observers: 1 });
    using client = new Client();
    const [origin, observer] = network.nodes;
    const [first] = await history(network, client, 1, [origin!]);
    const second = client.commit("b");
    await origin!.receivePush(client, [client.update(first, second)]); // Promoted, and never final.
    const fetcher = new PackFetcher({
      link: observer!.link,
      channel: {
        fetch: () => {
          throw new RangeError("nothing is to be fetched");
        },
      },
      nodeId: observer!.nodeId,
      directory: observer!.directory,
    });
    const ask = (wants: readonly ObjectId[]) =>
      fetcher.fetchObjects({ repository, holder: origin!.nodeId, wants, haves: [] }, never());
    await expect(ask([second])).rejects.toMatchObject({ code: "unavailable" });
    const handler = origin!.link.requests.get(objectsProtocol)!;
    await expect(handler("00".repeat(32) as never, new Uint8Array(3), never())).rejects.toMatchObject({
      code: "truncated",
    });
  });
});

describe("guts node repair", () => {
  test.each(["connectivity", "full"] as const)(
    "makes a repository with a deleted pack anew from peers (%s)",
    async (depth) => {
      await using network = await TestNetwork.open({ validators: 1, observers: 1 });
      using client = new Client();
      const [origin, observer] = network.nodes;
      const commits = await history(network, client, 3, network.nodes);
      const packs = join(observer!.gitDirectory(), "objects/pack");
      for (const name of readdirSync(packs)) rmSync(join(packs, name));
      const report = await runRepair(observer!, depth);
      expect(report).toMatchObject({ checkedCount: 1, repaired: [{ repository }] });
      expect([head(observer!), servedHead(observer!), isComplete(observer!)]).toEqual([commits[2], commits[2], true]);
      observer!.plainGit("fsck", "--full", "--strict");
      expect(readFileSync(join(observer!.directory, repairReportName), "utf8")).toContain("1 were damaged");
      expect(existsSync(join(observer!.directory, repairNoteName))).toBe(false);
      // It works on: the next push arrives.
      const next = client.commit("next");
      await network.push(origin!, client, [client.update(commits[2], next)]);
      expect(head(observer!)).toBe(next);
    },
  );

  test("finds flipped bits only when every object is read, and leaves sound repositories alone", async () => {
    await using network = await TestNetwork.open({ validators: 1, observers: 1 });
    using client = new Client();
    const [, observer] = network.nodes;
    const [only] = await history(network, client, 1, network.nodes);
    expect(await runRepair(observer!, "full")).toMatchObject({ checkedCount: 1, repaired: [] });
    const packs = join(observer!.gitDirectory(), "objects/pack");
    const file = join(
      packs,
      readdirSync(packs).find((name) => name.endsWith(".pack"))!,
    );
    const bytes = readFileSync(file);
    bytes[bytes.length - 40]! ^= 1;
    rmSync(file);
    writeFileSync(file, bytes);
    expect(await runRepair(observer!, "full")).toMatchObject({ repaired: [{ repository }] });
    expect(observer!.plainGit("rev-list", "--objects", "--all").split("\n")).toHaveLength(3);
    expect(head(observer!)).toBe(only);
    observer!.plainGit("fsck", "--full", "--strict");
  });

  test("restores a repository that is not there at all", async () => {
    await using network = await TestNetwork.open({ validators: 1, observers: 1 });
    using client = new Client();
    const [, observer] = network.nodes;
    const [only] = await history(network, client, 1, network.nodes);
    await observer!.stop();
    rmSync(observer!.gitDirectory(), { recursive: true });
    await observer!.start();
    await runRepair(observer!, "connectivity");
    expect(head(observer!)).toBe(only);
  });

  function runRepair(node: TestNode, depth: "connectivity" | "full") {
    requestRepair(node.directory, depth);
    expect(requestedRepair(node.directory)).toBe(depth);
    const { forge, git, replication, directory: dataDirectory } = node;
    const logger = { info: () => {}, warn: () => {} };
    return repair(
      { dataDirectory, depth, forge, git, completeness: replication.objects, logger },
      AbortSignal.timeout(25_000),
    );
  }
});
