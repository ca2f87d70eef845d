/** Four nodes, of which any one may be lost in any way while pushes go on, and of which every one comes back to the same. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { encodeRecoveryCode, rootSeedOf } from "@guts/primitives";
import type { Page } from "playwright";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { launchBrowser } from "../harness/browser.ts";
import { type Devnet, repositoryRoot, startDevnet } from "../harness/devnet.ts";
import { deleteReadModel } from "../harness/read-models.ts";
import { signUp, uniqueName } from "../harness/forge.ts";
import { createGitRunner, runProgram } from "../harness/git.ts";
import { createRandom, seed } from "../harness/random.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../harness/temporary-folder.ts";
import { createKeyPair, sshUser } from "../harness/ssh.ts";
import { byTier } from "../harness/tier.ts";
import { buildWebClient } from "../harness/web.ts";
import { flood, placesOf, writeBeside } from "./flood.ts";
import { explain, type Swap } from "./history.ts";
import { catchUpMs, Members, untilUp } from "./members.ts";
import { makeBlocks } from "./many-blocks.ts";
import { NodeFaults } from "./node-faults.ts";
import { findRowDifferences } from "./rows.ts";
import { startWriter, type Writer } from "./writer.ts";

/** A push while a node is lost waits for some views without a leader; on a machine that runs other suites beside. */
const pushMsMax = 30_000;
/** Three seconds are usual; giving up the connections of stopped nodes takes eleven. */
const frozenPushMsMax = 9_000;
const pushCount = byTier({ short: 3, long: 20 });
/** Blocks that a node misses while it is off. */
const blockCount = byTier({ short: 200, long: 3_000 });
/** A disk so slow that a vote takes about as long as others wait for it. */
const syncMs = byTier({ short: 300, long: 1_000 });
/** Twice what validators tolerate. */
const clockOffMs = 10_000;

let faults: NodeFaults;
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
  buildWebClient();
  faults = await NodeFaults.prepare();
  devnet = await startDevnet({ nodeCount: 4, hasFaults: true, env: faults.env });
  members = new Members(devnet, faults.env);
  folder = createTemporaryFolder("four");
  writer = await newWriter();
}, 330_000);
afterAll(async () => {
  await members[Symbol.asyncDispose]();
  await devnet[Symbol.asyncDispose]();
  faults[Symbol.dispose]();
  folder[Symbol.dispose]();
});
beforeEach(async () => {
  faults.heal();
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

describe("pushes go on while one of four nodes", { timeout: byTier({ short: 240_000, long: 900_000 }) }, () => {
  test(`is off for ${blockCount} blocks, and has the same root, objects and rows as the others when it is back`, async () => {
    await members.signal(3, "SIGKILL");
    await pushAround(3);
    await makeBlocks(members, [0, 1, 2], blockCount);
    await deleteReadModel(members.node(3));
    await members.start(3);
    await members.expectSameSoon();
    expect(await findRowDifferences(members.place(0), members.place(3), await members.level())).toEqual([]);
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

  test("has a slow disk, and it keeps up with the others", async () => {
    faults.slowDisk(1, syncMs);
    await pushAround(1);
    await members.expectSameSoon();
  });

  test.each([
    ["ahead", clockOffMs, /\d+\.\d s ahead of the other validators'/],
    ["behind", -clockOffMs, /\d+\.\d s behind the other validators'/],
  ])("has a clock that is ten seconds %s, and says so", async (_where, offMs, words) => {
    faults.setClock(2, offMs);
    await pushAround(2);
    await expect.poll(() => clockDetail(2), { timeout: catchUpMs, interval: 100 }).toMatch(words);
    await expect.poll(() => members.log(2), { timeout: catchUpMs, interval: 250 }).toMatch(words);
    expect(await clockDetail(0)).toBe("");
    await members.expectSameSoon();
  });
});

test("an SSH key is good at every node once one has said that it is added, and nowhere once one has said that it is gone", async () => {
  const git = createGitRunner(folder.path);
  const user = sshUser(folder.path, await createKeyPair(folder.path));
  const at = (index: number) => `${members.node(index).sshUrl}/${writer.fullName}.git`;
  const body = { key: user.key.publicLine, title: "laptop" };
  const { id } = await members.client(1, "maintainer").call("POST /api/v3/user/keys", { body });
  const clone = join(folder.path, "over-ssh");
  await git.run(["clone", "-q", at(2), clone], { env: user.environment });
  const head = await git.commit(clone, "ssh.txt", "ssh\n");
  const pushed = await git.try(["-C", clone, "push", at(3), "HEAD:refs/heads/over-ssh"], { env: user.environment });
  expect(pushed.exitCode, pushed.stderr).toBe(0);
  for (const index of members.indices())
    expect(await git.run(["ls-remote", at(index), "refs/heads/over-ssh"], { env: user.environment })).toContain(head);
  await members.client(2, "maintainer").call("DELETE /api/v3/user/keys/{key_id}", { path: { key_id: String(id) } });
  for (const index of members.indices()) {
    const { stderr } = await git.try(["ls-remote", at(index)], { env: user.environment });
    expect(stderr, members.node(index).name).toContain("Permission denied (publickey)");
  }
});

test("issues opened at all nodes at once have dense numbers, the same ones everywhere", async () => {
  const [owner, repo] = writer.fullName.split("/") as [string, string];
  const list = "/api/v3/repos/{owner}/{repo}/issues" as const;
  const open = async (index: number, title: string) =>
    members.client(index, "maintainer").call(`POST ${list}`, { path: { owner, repo }, body: { title } });
  const titles = members.indices().flatMap((index) => [1, 2, 3].map((time) => [index, `${index}.${time}`] as const));
  const opened = await Promise.all(titles.map(async ([index, title]) => open(index, title)));
  const numbers = opened.map(({ number }) => number).toSorted((left, right) => left - right);
  expect(numbers).toEqual(titles.map((_, at) => at + 1));
  const shown = (issues: readonly { readonly number: number; readonly title: string; readonly id: number }[]) =>
    issues.map(({ number, title, id }) => ({ number, title, id }));
  const query = { direction: "asc" as const, per_page: 100 };
  for (const index of members.indices())
    await expect
      .poll(async () => shown(await members.client(index).call(`GET ${list}`, { path: { owner, repo }, query })), {
        timeout: catchUpMs,
        interval: 100,
      })
      .toEqual(shown(opened.toSorted((left, right) => left.number - right.number)));
  await members.expectSameSoon();
});

/** What a node's status says of its clock; nothing when it is right. */
async function clockDetail(index: number): Promise<string> {
  const { parts } = await members.client(index).call("GET /api/guts/status", {});
  return parts.find(({ name }) => name === "clock")!.detail ?? "";
}

test("guts node repair makes repositories anew whose packs are gone", { timeout: 240_000 }, async () => {
  const { dataDir, startCommand } = members.node(1);
  const [nodeProgram, main] = startCommand as readonly [string, string];
  const head = await writer.readMain(1);
  await members.signal(1, "SIGTERM");
  const repositories = join(dataDir, "git", "repositories");
  const packs = readdirSync(repositories, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(pack|idx|rev)$/.test(name),
  );
  expect(packs.length).toBeGreaterThan(0);
  for (const name of packs) rmSync(join(repositories, name));
  const command = [main, "node", "repair", "--full", "--data", dataDir];
  const asked = await runProgram(nodeProgram, command, { cwd: folder.path, env: process.env });
  expect([asked.exitCode, asked.stdout]).toEqual([0, expect.stringContaining("guts node start")]);
  await members.start(1);
  await expect
    .poll(() => repairReport(dataDir), { timeout: catchUpMs, interval: 100 })
    .toMatch(/[1-9]\d* were damaged and were made anew/);
  await members.expectSameSoon();
  const copy = join(folder.path, "repaired");
  await createGitRunner(folder.path).run(["clone", "-q", writer.url(1), copy]);
  expect(await createGitRunner(folder.path).run(["-C", copy, "rev-parse", "HEAD"])).toBe(head);
});

/** What the repair of a node found and did; nothing before it is done. */
function repairReport(dataDirectory: string): string {
  const file = join(dataDirectory, "repair-report.txt");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

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

describe("a flood from one account through all nodes", { timeout: 240_000 }, () => {
  /** So few that the flood is longer by far: most of it waits, since the budget fills again by one a minute. */
  const amounts = { transactions: 60, bytes: 16 * 1024 * 1024, accounts: 0, repositories: 0 };
  const rule = { capacity: amounts, refillPerMinute: { ...amounts, transactions: 1 } };
  const floodCount = byTier({ short: 600, long: 2_000 });
  /** Blocks that somebody else's write may wait; behind what the budget has cut it would wait for minutes. */
  const waitedBlocksMax = 25;

  test("is cut at the same transaction on every node, and others do not notice", async () => {
    const flooder = await signUp(members.url(0), uniqueName("flooder"));
    const path = { handle: flooder.login };
    const set = (body: { readonly rule: typeof rule | null; readonly reason: string }) =>
      members.client(0, "maintainer").answer("PUT /api/guts/accounts/{handle}/budget", { path, body });
    const { height: from } = await set({ rule, reason: "a flood is tried" });
    const over = new AbortController();
    const beside = writeBeside(members, "contributor", over.signal);
    const answers = await flood(members, flooder, { count: floodCount, patienceMs: 8_000 });
    over.abort();
    const waited = await beside;
    expect(waited.length).toBeGreaterThanOrEqual(members.count);
    expect(Math.max(...waited), `waited ${waited.join(", ")} blocks`).toBeLessThanOrEqual(waitedBlocksMax);

    const to = await members.level();
    const places = await Promise.all(
      members.indices().map((at) => placesOf(members, at, { login: flooder.login, from: from! + 1, to })),
    );
    expect(places).toEqual(members.indices().map(() => places[0]));
    const applied = places[0]!.filter(({ outcome }) => outcome === "applied");
    expect(applied.length).toBeGreaterThanOrEqual(amounts.transactions);
    expect(applied.length).toBeLessThan(amounts.transactions + 10); // What the minutes since have given back.
    expect(answers.filter((answer) => answer === "applied").length).toBeLessThanOrEqual(applied.length);
    const standings = await Promise.all(members.indices().map((at) => standingAt(at, flooder.login)));
    expect(standings.map((standing) => standing.rule)).toEqual(standings.map(() => rule));
    for (const { left } of standings) expect(left.transactions).toBeLessThan(2);

    await set({ rule: null, reason: "over" }); // What still waits goes through at once.
    await expect.poll(() => standingAt(0, flooder.login), { timeout: catchUpMs }).toMatchObject({ isUsual: true });
    await members.expectSameSoon();
  });

  const standingAt = (at: number, handle: string) =>
    members.client(at, "maintainer").call("GET /api/guts/accounts/{handle}/standing", { path: { handle } });
});

describe("somebody whose home node is gone", { timeout: 300_000 }, () => {
  const password = "another good password";
  const code = encodeRecoveryCode(Uint8Array.from(randomBytes(18)));
  const isLive = async (at: number, token: string): Promise<boolean> =>
    (await fetch(`${members.url(at)}/api/v3/user`, { headers: { authorization: `token ${token}` } })).ok;
  const recoverInBrowser = async (page: Page, at: number, login: string): Promise<void> => {
    await page.goto(`${members.url(at)}/recover`);
    await page.getByLabel("Handle").fill(login);
    await page.getByLabel("Recovery code").fill(code);
    await page.getByLabel("New password").fill(password);
    await page.getByRole("button", { name: "Recover and sign in" }).click();
    await page.getByRole("heading", { name: "Your repositories" }).waitFor();
  };
  /** Takes the permission back from the node that is gone, in the settings of another. */
  const leaveInBrowser = async (page: Page, at: number, gone: string): Promise<void> => {
    await page.goto(`${members.url(at)}/settings/keys`);
    const row = page.getByRole("listitem").filter({ hasText: gone });
    await row.getByRole("button", { name: "Take back" }).click();
    await page.getByLabel("Recovery code").fill(code);
    await page.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
    await expect.poll(() => row.count(), { timeout: 20_000 }).toBe(0);
  };
  const recoverByCommand = async (at: number, login: string): Promise<string> => {
    const file = join(folder.path, "recovery-code");
    writeFileSync(file, code, { mode: 0o600 });
    const env = { ...process.env, HOME: folder.path, GUTS_CONFIG_DIR: join(folder.path, "guts") };
    const main = join(repositoryRoot, "apps/cli/src/main.ts");
    const run = async (...args: string[]) => {
      const options = { cwd: folder.path, env, input: `${password}\n` };
      const result = await runProgram(process.execPath, [main, ...args, "--host", members.url(at)], options);
      expect(result.exitCode, result.stderr).toBe(0);
      return result.stdout.trim();
    };
    await run("auth", "recover", "--login", login, "--recovery-code-file", file, "--password-stdin");
    return run("auth", "token");
  };

  test("recovers in the browser at one node and by the command at another, and the former home's word ends", async () => {
    const person = await signUp(members.url(0), uniqueName("stranded"), {
      password: "the old password",
      rootSeed: rootSeedOf(code),
    });
    await person.client.call("POST /api/v3/user/repos", { body: { name: "boat" } });
    const browser = await launchBrowser();
    await members.signal(0, "SIGKILL");
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(20_000);
      await recoverInBrowser(page, 1, person.login);
      await leaveInBrowser(page, 1, members.node(0).name);
      const signedIn = await members.client(1).call("POST /api/guts/signin", {
        body: { login: person.login, password, session: "token" },
      });
      const token = await recoverByCommand(2, person.login);
      expect(await Promise.all([isLive(1, signedIn.token!), isLive(2, token), isLive(1, token)])).toEqual([
        true,
        true,
        false,
      ]);
      const git = createGitRunner(folder.path);
      const work = join(folder.path, "boat");
      await git.run(["init", "-q", "-b", "main", work]);
      await git.commit(work, "README.md", "# Boat\n");
      const remote = members.url(2).replace("//", `//x:${token}@`);
      const pushed = await git.try(["-C", work, "push", `${remote}/${person.login}/boat.git`, "main"]);
      expect(pushed.exitCode, pushed.stderr).toBe(0);
    } finally {
      await browser.close();
      await members.start(0);
    }
    await untilUp(members.client(0), 4);
    await members.expectSameSoon();
    expect(await isLive(0, person.token)).toBe(false);
    const body = { login: person.login, password: "the old password", session: "token" as const };
    await expect(members.client(0).call("POST /api/guts/signin", { body })).rejects.toMatchObject({
      status: 403,
      reason: "delegation-missing",
    });
  });
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
