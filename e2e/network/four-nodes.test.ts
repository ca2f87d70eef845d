/** Four nodes, of which any one may be lost in any way while pushes go on, and of which every one comes back to the same. */
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { type Devnet, startDevnet } from "../harness/devnet.ts";
import { createGitRunner } from "../harness/git.ts";
import { createRandom, seed } from "../harness/random.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../harness/temporary-folder.ts";
import { byTier } from "../harness/tier.ts";
import { explain, type Swap } from "./history.ts";
import { Members, untilUp } from "./members.ts";
import { startWriter, type Writer } from "./writer.ts";

/** A push while a node is lost waits for some views without a leader; on a machine that runs other suites beside. */
const pushMsMax = 30_000;
/** Three seconds are usual; giving up the connections of stopped nodes takes eleven. */
const frozenPushMsMax = 9_000;
const pushCount = byTier({ short: 3, long: 20 });

let devnet: Devnet;
let members: Members;
let folder: TemporaryFolder;
let writer: Writer;
let count = 0;

const newWriter = (): Promise<Writer> => {
  count += 1;
  const git = createGitRunner(folder.path);
  return startWriter({ members, git, login: "maintainer", repository: `harbour-${count}` }, 0);
};

beforeAll(async () => {
  devnet = await startDevnet({ nodeCount: 4, hasFaults: true });
  members = new Members(devnet);
  folder = createTemporaryFolder("four");
  writer = await newWriter();
}, 330_000);
afterAll(async () => {
  await members[Symbol.asyncDispose]();
  await devnet[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});
beforeEach(async () => {
  await devnet.fault("heal");
  await untilUp(members.client(0), 4);
});

/** Pushes to the nodes that are left, in turn; each push must be acknowledged in time. */
async function pushAround(lost: number): Promise<void> {
  const left = members.indices().filter((index) => index !== lost);
  for (let round = 0; round < pushCount; round++) {
    const at = left[round % left.length]!;
    const { result, tookMs } = await writer.commitAndPush(at);
    expect(result.exitCode, `push to ${members.node(at).name}: ${result.stderr}\n${members.log(at)}`).toBe(0);
    expect(tookMs).toBeLessThan(pushMsMax);
  }
}

describe("pushes go on while one of four nodes", { timeout: 240_000 }, () => {
  test("is killed, and it is the same as the others when it is back", async () => {
    await members.signal(3, "SIGKILL");
    await pushAround(3);
    await members.start(3);
    await members.expectSameSoon();
  });

  test("is stopped and does not answer", async () => {
    await members.signal(2, "SIGSTOP");
    try {
      await pushAround(2);
    } finally {
      await members.signal(2, "SIGCONT");
    }
    await members.expectSameSoon();
  });

  test("is cut off from all others", async () => {
    await devnet.fault("partition", "node1");
    await pushAround(1);
    await devnet.fault("heal");
    await members.expectSameSoon();
  });

  test("has slow links", async () => {
    await devnet.fault("delay", "node0", "200ms");
    await pushAround(0);
    await devnet.fault("heal");
    await members.expectSameSoon();
  });
});

test(
  "a minority of two answers nothing that the others do not know, and joins them again",
  { timeout: 240_000 },
  async () => {
    await devnet.fault("partition", "node0", "node2,node3");
    await devnet.fault("partition", "node1", "node2,node3");
    const cut = await writer.commitAndPush(0);
    expect(cut.result.exitCode, cut.result.stderr).not.toBe(0);
    expect(await writer.readMain(0)).toBe(await writer.readMain(2));
    await devnet.fault("heal");
    await untilUp(members.client(0), 4);
    const again = await writer.push(2);
    expect(again.result.exitCode, again.result.stderr).toBe(0);
    await members.expectSameSoon();
  },
);

test("two that are stopped and do not answer keep nobody waiting", { timeout: 240_000 }, async () => {
  for (const index of [2, 3]) await members.signal(index, "SIGSTOP");
  try {
    const { result, tookMs } = await writer.commitAndPush(0);
    expect(result.exitCode).toBe(1);
    expect(result.stderr.replaceAll(/\s+/g, " ")).toContain("2 of 4 validators are up and 3 must agree");
    expect(tookMs).toBeLessThan(frozenPushMsMax);
  } finally {
    for (const index of [2, 3]) await members.signal(index, "SIGCONT");
  }
  await untilUp(members.client(0), 4);
  const again = await writer.push(0);
  expect(again.result.exitCode, again.result.stderr).toBe(0);
  await members.expectSameSoon();
});

test("a rolling restart under load loses nothing that was acknowledged", { timeout: 400_000 }, async () => {
  const busy = await newWriter();
  const rolling = new AbortController();
  const commits: string[] = [];
  let acknowledged = -1;
  let acknowledgedCount = 0;
  const load = (async () => {
    for (let round = 0; !rolling.signal.aborted; round++) {
      const { commit, result } = await busy.commitAndPush(round % members.count);
      commits.push(commit);
      if (result.exitCode !== 0) continue;
      acknowledged = commits.length - 1;
      acknowledgedCount += 1;
    }
  })();
  try {
    for (const index of members.indices()) {
      await members.signal(index, "SIGTERM");
      await members.start(index);
      await untilUp(members.client(index), 4);
    }
  } finally {
    rolling.abort();
    await load;
  }
  expect(acknowledgedCount).toBeGreaterThan(members.count);
  await members.expectSameSoon(); // A node that was away shows what it has whole until it has fetched the rest.
  for (const index of members.indices())
    expect(commits.indexOf(await busy.readMain(index)), members.node(index).name).toBeGreaterThanOrEqual(acknowledged);
  const last = await busy.commitAndPush(0);
  expect(last.result.exitCode, last.result.stderr).toBe(0);
  await members.expectSameSoon();
  for (const index of members.indices()) expect(await busy.readMain(index)).toBe(last.commit);
});

test(
  "compare-and-swaps of one ref by three clients, with a node lost and found, are linearizable",
  { timeout: 300_000 },
  async () => {
    const branch = "contested";
    const initial = await writer.readMain(0);
    await writer.swap(0, branch, { from: "", to: initial });
    const random = createRandom(seed);
    const swaps: Swap[] = [];
    let seen = initial;
    const client = async (name: string): Promise<void> => {
      for (let round = 0; round < byTier({ short: 8, long: 60 }); round++) {
        const from = seen;
        const to = await writer.makeCommit(`${name} ${round} of seed ${seed}`, initial);
        const swap = await writer.swap(Math.floor(random() * 3), branch, { from, to });
        swaps.push(swap);
        if (swap.outcome === "moved") seen = to;
        else await delay(random() * 200); // Clients of different speed meet in different orders.
      }
    };
    const clients = ["one", "two", "three"].map(client);
    await members.signal(3, "SIGKILL");
    await members.start(3);
    await Promise.all(clients);
    await members.level();
    const line = await createGitRunner(folder.path).run(["ls-remote", writer.url(1), `refs/heads/${branch}`]);
    expect(explain(initial, line.split("\t")[0]!, swaps), `seed ${seed}`).toEqual([]);
    expect(swaps.filter(({ outcome }) => outcome === "moved").length).toBeGreaterThan(3);
  },
);
