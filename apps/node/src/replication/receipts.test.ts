import { randomBytes } from "node:crypto";
import { isCertified, type CertifiedUpdate, type MergeFact } from "@guts/ledger";
import { decode, encode, type ObjectFormat } from "@guts/primitives";
import type { GitEngine } from "@guts/storage";
import { packStreamProtocol, receiptAnswerCodec, receiptProtocol, receiptRequestCodec } from "@guts/transfer";
import { describe, expect, test } from "vitest";
import { receiptRetryMs } from "./limits.ts";
import type { CollectOutcome, StoredPush } from "./receipt-collector.ts";
import { Client, type mainRef, never, repository, TestNetwork, type TestNode } from "./testing.fixture.ts";

/** Whether the ledger would take it. */
function isSufficient({ nodes, networkId }: TestNetwork, push: StoredPush, outcome: CollectOutcome): boolean {
  if (outcome.outcome !== "certified") return false;
  const { signatures, ...terms } = outcome.receipt;
  const { validators } = nodes[0]!.forge.network();
  return isCertified({ networkId, ...push, ...terms }, signatures, validators);
}

const reasonsOf = (outcome: CollectOutcome) =>
  outcome.outcome === "certified"
    ? []
    : [...new Set(outcome.missing.map((each) => (each.reason === "refused" ? each.code : each.reason)))].toSorted();

const has = (node: TestNode, id: string) =>
  node.git.findMissing(repository, [id as never], never()).then((list) => list.length === 0);

describe("a receipt", () => {
  test("of a network of one asks nobody", async () => {
    await using network = await TestNetwork.open({ validators: 1 });
    using client = new Client();
    const { push } = await network.nodes[0]!.receivePush(client, [client.update(undefined, client.commit("a"))]);
    const outcome = await network.nodes[0]!.collect(push);
    expect([isSufficient(network, push, outcome), network.asked]).toEqual([true, []]);
  });

  test.each<[string, ObjectFormat, boolean]>([
    ["over TLS", "sha1", false],
    ["over streams of the link", "sha1", true],
    ["of a sha256 repository", "sha256", false],
  ])(
    "of four validators, %s, is a quorum's word, and all of them get the objects",
    async (_how, format, withoutTls) => {
      await using network = await TestNetwork.open({ validators: 4, format, withoutTls });
      using client = new Client(format);
      const [origin] = network.nodes;
      const first = client.commit("a", randomBytes(300_000).toString("base64"));
      const { push } = await origin!.receivePush(client, [client.update(undefined, first)]);
      expect(isSufficient(network, push, await origin!.collect(push))).toBe(true);
      await expect
        .poll(() => Promise.all(network.nodes.map((node) => has(node, first))))
        .toEqual([true, true, true, true]);
      expect(network.asked.includes(packStreamProtocol)).toBe(withoutTls);
      await network.finalize(push);
      for (const node of network.nodes) expect(node.plainGit("rev-parse", "refs/heads/main")).toBe(first);
      // A second push is a thin pack, which the receiving node completes.
      const second = client.commit("a", "changed\n");
      expect(await network.push(origin!, client, [client.update(first, second)])).toMatchObject({
        outcome: "certified",
      });
      await expect
        .poll(() => network.nodes.map((node) => node.plainGit("rev-parse", "refs/heads/main")))
        .toEqual(Array(4).fill(second));
      for (const node of network.nodes) node.plainGit("fsck", "--strict");
    },
  );

  test("for a merge is signed by those whose git computes the same, and by nobody for what is said wrongly", async () => {
    await using network = await TestNetwork.open({ validators: 4 });
    using client = new Client();
    const [origin] = network.nodes;
    const common = client.commit("common");
    const base = client.commit("ours");
    client.reset(common);
    const head = client.commit("theirs");
    const topic = "refs/heads/topic" as typeof mainRef;
    await network.push(origin!, client, [client.update(undefined, base), client.update(undefined, head, topic)]);
    const person = { name: "Ada", email: "ada@example.org", timeSeconds: 1_700_000_000, zoneMinutes: 0 };
    const request = { method: "merge", base, head, author: person, committer: person, message: "Merge\n" } as const;
    const merged = await origin!.git.mergeCommits(repository, request, never());
    if (merged.outcome !== "merged") throw new TypeError(merged.outcome);
    const pack = merged.openPack!(never());
    const { push } = await origin!.receivePush(client, [client.update(base, merged.result)], pack);
    await merged[Symbol.asyncDispose]();
    const claimed = (fact: Partial<MergeFact>): StoredPush => {
      const merge = { strategy: 1, method: "merge", head, isUpToDate: false, ...fact } as const;
      return { ...push, updates: [{ ...(push.updates[0] as CertifiedUpdate), merge }] };
    };
    const wrong: readonly Partial<MergeFact>[] = [{ method: "squash" }, { strategy: 9 }, { isUpToDate: true }];
    for (const fact of wrong) expect(reasonsOf(await origin!.collect(claimed(fact)))).toEqual(["merge-differs"]);
    const outcome = await origin!.collect(claimed({}));
    expect(outcome).toMatchObject({ outcome: "certified", receipt: { factsVersion: 3 } });
    expect(isSufficient(network, claimed({}), outcome)).toBe(true);
  });

  test("is collected by an observer too", async () => {
    await using network = await TestNetwork.open({ validators: 4, observers: 1 });
    using client = new Client();
    const observer = network.nodes[4]!;
    const { push } = await observer.receivePush(client, [client.update(undefined, client.commit("a"))]);
    expect(isSufficient(network, push, await observer.collect(push))).toBe(true);
  });

  test("needs no validator that is down, and says how many are missing when too many are", async () => {
    await using network = await TestNetwork.open({ validators: 4 });
    using client = new Client();
    const [origin, , third, fourth] = network.nodes;
    await fourth!.stop();
    const first = client.commit("a");
    const { push } = await origin!.receivePush(client, [client.update(undefined, first)]);
    expect(isSufficient(network, push, await origin!.collect(push))).toBe(true);
    await third!.stop();
    const outcome = await origin!.collect(push);
    expect(outcome).toMatchObject({ outcome: "refused", missingCount: 1 });
    expect(reasonsOf(outcome)).toEqual(["unreachable"]);
    expect(outcome.outcome === "refused" && outcome.words).toBe(
      "2 of 4 validators could not be reached; the push was not submitted; nothing changed; try again",
    );
  });

  test("does not wait for a validator that never answers", async () => {
    await using network = await TestNetwork.open({ validators: 4 });
    using client = new Client();
    const [origin, , , fourth] = network.nodes;
    network.mute.add(fourth!.nodeId);
    const { push } = await origin!.receivePush(client, [client.update(undefined, client.commit("a"))]);
    expect(isSufficient(network, push, await origin!.collect(push))).toBe(true);
  });

  test("is refused soon when too many validators are silent, and waits for those that are not", async () => {
    await using network = await TestNetwork.open({ validators: 4 });
    using client = new Client();
    const [origin, , third, fourth] = network.nodes;
    const { push } = await origin!.receivePush(client, [client.update(undefined, client.commit("a"))]);
    for (const node of [third, fourth]) network.mute.add(node!.nodeId);
    const startedMs = performance.now();
    const outcome = await origin!.collect(push);
    expect([reasonsOf(outcome), performance.now() - startedMs < receiptRetryMs]).toEqual([["no-answer"], true]);
    network.mute.delete(third!.nodeId);
    expect(isSufficient(network, push, await origin!.collect(push))).toBe(true);
  });

  test("is given up when the pusher leaves", async () => {
    await using network = await TestNetwork.open({ validators: 4 });
    using client = new Client();
    const [origin, ...others] = network.nodes;
    for (const { nodeId } of others) network.mute.add(nodeId);
    const { push } = await origin!.receivePush(client, [client.update(undefined, client.commit("a"))]);
    const leaving = new AbortController();
    const collecting = origin!.collect(push, leaving.signal);
    leaving.abort(new RangeError("gone"));
    await expect(collecting).rejects.toThrow(RangeError);
  });

  test("of deletions and of refs to known objects needs no pack", async () => {
    await using network = await TestNetwork.open({ validators: 4 });
    using client = new Client();
    const [origin] = network.nodes;
    const first = client.commit("a");
    const dev = "refs/heads/dev" as never;
    await network.push(origin!, client, [client.update(undefined, first)]);
    const { push } = await origin!.receivePush(client, [client.update(undefined, first, dev)]);
    expect(push.packs).toEqual([]);
    expect(isSufficient(network, push, await origin!.collect(push))).toBe(true);
    await network.finalize(push);
    const deletion = await network.push(origin!, client, [client.update(first, undefined, dev)]);
    expect(deletion).toMatchObject({ outcome: "certified" });
    for (const node of network.nodes)
      expect(node.plainGit("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
  });

  test("of two pushes of one pack at once fetches it once at each validator", async () => {
    await using network = await TestNetwork.open({ validators: 4 });
    using client = new Client();
    const [origin] = network.nodes;
    const first = client.commit("a", randomBytes(200_000).toString("base64"));
    const { push } = await origin!.receivePush(client, [client.update(undefined, first)]);
    const other = { ...push, updates: push.updates.map((update) => ({ ...update, name: "refs/heads/dev" as never })) };
    const outcomes = await Promise.all([origin!.collect(push), origin!.collect(other)]);
    expect(isSufficient(network, push, outcomes[0])).toBe(true);
    expect(isSufficient(network, other, outcomes[1])).toBe(true);
    // A quorum answers the pusher; whoever is slower than it is still at work then.
    for (const node of network.nodes.slice(1))
      await expect.poll(() => node.plainGit("count-objects", "-v"), { timeout: 10_000 }).toContain("packs: 1");
  });
});

describe("a validator does not sign", () => {
  const lying = (engine: GitEngine): GitEngine =>
    new Proxy(engine, {
      get: (target, name) => {
        if (name !== "receivePack") return bound(target, name);
        return async (...args: Parameters<GitEngine["receivePack"]>) => {
          const outcome = await target.receivePack(...args);
          if (outcome.outcome === "rejected") return outcome;
          return { ...outcome, facts: outcome.facts.map((fact) => ({ ...fact, isFastForward: !fact.isFastForward })) };
        };
      },
    });
  const bound = (target: GitEngine, name: string | symbol): unknown => {
    const value: unknown = Reflect.get(target, name);
    return typeof value === "function" ? value.bind(target) : value;
  };

  test("facts that git does not tell it: one such validator changes nothing, two stop the push", async () => {
    const open = (liars: number) =>
      TestNetwork.open({
        validators: 4,
        prepare: (node, index) => {
          if (index > 0 && index <= liars) node.receive = lying;
        },
      });
    for (const [liars, expected] of [
      [1, []],
      [2, ["facts-differ"]],
    ] as const) {
      await using network = await open(liars);
      using client = new Client();
      const { push } = await network.nodes[0]!.receivePush(client, [client.update(undefined, client.commit("a"))]);
      expect(reasonsOf(await network.nodes[0]!.collect(push))).toEqual(expected);
    }
  });

  test("objects that are not connected, a pack whose bytes are others, a pack that is too large", async () => {
    await using network = await TestNetwork.open({ validators: 4 });
    using client = new Client();
    const [origin] = network.nodes;
    const first = client.commit("a");
    const second = client.commit("b");
    const { push } = await origin!.receivePush(client, [client.update(undefined, first)]);
    const unborn = { ...push, updates: [{ ...push.updates[0]!, newId: second }] };
    expect(reasonsOf(await origin!.collect(unborn))).toEqual(["objects-refused"]);
    const otherBytes = { ...push, packs: [{ ...push.packs[0]!, sha256: new Uint8Array(32) }] };
    expect(reasonsOf(await origin!.collect(otherBytes))).toEqual(["pack-unavailable"]);
    const huge = { ...push, packs: [{ ...push.packs[0]!, sizeBytes: 2 ** 50 }] };
    expect(reasonsOf(await origin!.collect(huge))).toEqual(["terms-out-of-bounds"]);
    const otherType = { ...push, updates: [{ ...push.updates[0]!, newType: "tag" as const }] };
    expect(reasonsOf(await origin!.collect(otherType))).toEqual(["facts-differ"]);
    expect(isSufficient(network, push, await origin!.collect(push))).toBe(true);
  });

  test("a statement of other terms, or for a node that is not admitted", async () => {
    await using network = await TestNetwork.open({ validators: 4 });
    using client = new Client();
    const [origin, validator, other] = network.nodes;
    const { push } = await origin!.receivePush(client, [client.update(undefined, client.commit("a"))]);
    const asked: Uint8Array[] = [];
    const handler = validator!.link.requests.get(receiptProtocol)!;
    validator!.link.requests.set(receiptProtocol, (from, body, signal) => {
      asked.push(body);
      return handler(from, body, signal);
    });
    await origin!.collect(push);
    const request = decode(receiptRequestCodec, asked[0]!);
    const codeOf = async (changes: object, from = origin!.nodeId) => {
      const body = encode(receiptRequestCodec, { ...request, statement: { ...request.statement, ...changes } });
      const answer = decode(receiptAnswerCodec, await handler(from, body, never()));
      return answer.type === "signed" ? "signed" : answer.code;
    };
    expect(await codeOf({})).toBe("signed");
    expect(await codeOf({}, "ab".repeat(32) as never)).toBe("node-not-admitted");
    expect(await codeOf({ networkId: new Uint8Array(32) })).toBe("wrong-network");
    expect(await codeOf({ epoch: 1 })).toBe("wrong-epoch");
    expect(await codeOf({ placement: 2 })).toBe("terms-unknown");
    expect(await codeOf({ factsVersion: 1 })).toBe("terms-unknown");
    expect(await codeOf({ expiresHeight: 10_001 })).toBe("terms-out-of-bounds");
    expect(await codeOf({ expiresHeight: 0 })).toBe("terms-out-of-bounds");
    expect(await codeOf({ updates: [] })).toBe("terms-out-of-bounds");
    expect(await codeOf({ repository: 9 })).toBe("repository-missing");
    // A grant of the origin's for somebody else brings nothing: the pack is not here and cannot be had.
    await other!.stop();
    const fresh = await origin!.receivePush(client, [client.update(undefined, client.commit("b"))]);
    const stolen = { statement: { ...request.statement, ...fresh.push, repository }, offers: request.offers };
    const answer = await handler(origin!.nodeId, encode(receiptRequestCodec, stolen), never());
    expect(decode(receiptAnswerCodec, answer)).toMatchObject({ type: "refused" });
  });

  test("and a signature that is not its own is not counted", async () => {
    await using network = await TestNetwork.open({ validators: 4 });
    using client = new Client();
    const [origin] = network.nodes;
    const { push } = await origin!.receivePush(client, [client.update(undefined, client.commit("a"))]);
    network.tamper = ({ protocol, answer }) =>
      protocol === receiptProtocol ? answer.map((byte, index) => (index === 40 ? byte ^ 1 : byte)) : answer;
    const outcome = await origin!.collect(push);
    expect(reasonsOf(outcome)).toEqual(["wrong-signature"]);
    network.tamper = () => new Uint8Array(20_000);
    expect(reasonsOf(await origin!.collect(push))).toEqual(["unreachable"]);
  });
});
