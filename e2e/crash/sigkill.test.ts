import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, beforeAll, expect, test } from "vitest";

import { type Forge, type Person, startForge, type TestRepository, uniqueName } from "../harness/forge.ts";
import { isPortFree } from "../harness/ports.ts";
import { descendantsOf, isAlive } from "../harness/processes.ts";
import { createRandom, seed } from "../harness/random.ts";
import { byTier } from "../harness/tier.ts";
import { inspectSurvivor } from "./inspect.ts";
import { type NodeAlone, startNodeAlone } from "../harness/node-alone.ts";
import { type Note, Promises } from "./promises.ts";
import { Pusher } from "./pusher.ts";

const roundCount = byTier({ short: 3, long: 50 });
const repositoryCount = 2;
const pushersPerRepository = 2;
/** Several pushes in a row happen within this. */
const killAfterMsMax = 3_000;
/** Repacks come often enough to be hit. */
const env = { GUTS_GIT_PACKS_BEFORE_REPACK: "10" };
/** The contract with harnesses: this long after a node's death its children are gone and its port is free. */
const orphanMs = 1_000;

let forge: Forge;
let ada: Person;
let node: NodeAlone | undefined;

beforeAll(async () => {
  forge = await startForge({ env });
  ada = await forge.signUp();
});
afterAll(async () => {
  await node?.[Symbol.asyncDispose]();
  await forge[Symbol.asyncDispose]();
});

test(
  `after SIGKILL at any point of a stream of pushes (${roundCount} times) every promise is kept`,
  { timeout: 60_000 + roundCount * 60_000 },
  async () => {
    const random = createRandom(seed);
    const promises = new Promises();
    const onNote = (note: Note) => promises.add(note);
    const pushers: Pusher[] = [];
    const repositories: (TestRepository & { readonly workTree: string })[] = [];
    for (let index = 0; index < repositoryCount; index++) {
      const repository = await forge.createFilledRepository(ada);
      repositories.push(repository);
      for (let which = 0; which < pushersPerRepository; which++) {
        const workTree = forge.newFolder();
        await forge.git.run(["clone", "-q", repository.url, workTree]);
        const { git } = forge;
        const url = repository.urlFor(ada);
        const own = createRandom(seed + index * 100 + which);
        const name = `p${which}`;
        pushers.push(new Pusher({ git, workTree, url, repository: repository.name, name, random: own, onNote }));
      }
    }
    let acknowledged = 0;
    for (let round = 0; round < roundCount; round++) {
      const where = `seed ${seed}, round ${round} (GUTS_SEED=${seed} npm test -- crash)`;
      const writers = Promise.all([
        ...pushers.map((pusher) => pusher.run()),
        describeUntilItFails(onNote, repositories[0]!),
      ]);
      await delay(300 + random() * killAfterMsMax); // The moment of the crash is the input of this test.
      await killNode(where);
      acknowledged += (await writers).reduce((sum, count) => sum + count, 0);
      const { startCommand, httpUrl: url, dataDir: dataDirectory } = forge.devnet.node;
      node = await startNodeAlone(startCommand, { url, dataDirectory, env }, where);
      await inspectSurvivor({ dataDirectory, forge, owner: ada }, promises, where);
    }
    expect(acknowledged, `seed ${seed}: no push was acknowledged before a crash`).toBeGreaterThan(0);
    for (const pusher of pushers) expect(await pusher.run(1)).toBe(1);
    const log = readFileSync(join(forge.devnet.node.dataDir, "node.log"), "utf8");
    expect(log).not.toMatch(/"level":60/);
  },
);

/** Kills the node's root and insists that nothing of it stays. */
async function killNode(where: string): Promise<void> {
  const pid = node?.pid ?? forge.devnet.node.pid;
  const children = descendantsOf(pid);
  if (node === undefined) process.kill(pid, "SIGKILL");
  else await node.kill();
  await expect.poll(() => children.filter(isAlive), { timeout: orphanMs, interval: 20, message: where }).toEqual([]);
  expect(await isPortFree(forge.devnet.basePort), where).toBe(true);
}

/** Changes what a repository says of itself, and makes another one now and then, until the node is gone. */
async function describeUntilItFails(onNote: (note: Note) => void, { name }: TestRepository): Promise<number> {
  for (let count = 0; ; count++) {
    const description = uniqueName("text");
    onNote({ type: "describe", repository: name, description });
    try {
      const path = { owner: ada.login, repo: name };
      await ada.client.call("PATCH /api/v3/repos/{owner}/{repo}", { path, body: { description } });
      onNote({ type: "described", repository: name, description });
      await ada.client.call("POST /api/v3/user/repos", { body: { name: uniqueName("made") } });
    } catch {
      return count;
    }
  }
}
