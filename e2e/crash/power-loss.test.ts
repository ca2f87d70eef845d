import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Forge, type Person, startForge } from "../harness/forge.ts";
import { createRandom, seed } from "../harness/random.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../harness/temporary-folder.ts";
import { byTier } from "../harness/tier.ts";
import { type Survival, survivals } from "./disk.ts";
import { DiskLogNotes } from "./disk-log.ts";
import { inspectSurvivor } from "./inspect.ts";
import { startNodeAlone } from "../harness/node-alone.ts";
import { type Note, Promises } from "./promises.ts";
import { Pusher } from "./pusher.ts";
import {
  compareWithDirectory,
  createRecorder,
  devnetPrefix,
  findUnsupported,
  indexRecords,
  type Recorder,
  replayTo,
} from "./recorder.ts";

const imageCount = byTier({ short: 4, long: 120 });
const packsBeforeRepack = 10;
/** Enough for a repack in the middle. */
const pushCount = byTier({ short: 14, long: 60 });
const pusherCount = 2;

/** A node that was recorded while people pushed, and then killed. */
interface Recording extends AsyncDisposable {
  readonly forge: Forge;
  readonly owner: Person;
  readonly recorder: Recorder;
  readonly root: { readonly path: string; readonly inode: bigint };
}

async function record(pushes: number, swallow?: string): Promise<Recording> {
  const folder: TemporaryFolder = createTemporaryFolder("recording");
  const recorder = await createRecorder({
    folder: folder.path,
    rootPrefix: devnetPrefix,
    ...(swallow === undefined ? {} : { swallow }),
  });
  const env = { ...recorder.env, GUTS_GIT_PACKS_BEFORE_REPACK: String(packsBeforeRepack) };
  const forge = await startForge({ env });
  const owner = await forge.signUp();
  using notes = new DiskLogNotes(recorder.logFile);
  const onNote = (note: Note) => notes.add(note);
  const repository = await forge.createFilledRepository(owner);
  const pushers = Array.from({ length: pusherCount }, async (_, index) => {
    const workTree = forge.newFolder();
    const { git } = forge;
    await git.run(["clone", "-q", repository.url, workTree]);
    const random = createRandom(seed + index);
    const url = repository.urlFor(owner);
    const pusher = new Pusher({ git, workTree, url, repository: repository.name, name: `p${index}`, random, onNote });
    expect(await pusher.run(Math.ceil(pushes / pusherCount))).toBe(Math.ceil(pushes / pusherCount));
  });
  await Promise.all(pushers);
  const path = forge.devnet.dataDirectory;
  process.kill(forge.devnet.node.pid, "SIGKILL");
  await forge.devnet.stop();
  return {
    forge,
    owner,
    recorder,
    root: { path, inode: statSync(path, { bigint: true }).ino },
    async [Symbol.asyncDispose]() {
      await forge[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** The host has booted since, and the database's files are what an unclean stop leaves. */
function spoilDatabase(nodeFolder: string): void {
  const folder = join(nodeFolder, "database");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "pglite-torn"), { recursive: true });
  writeFileSync(join(folder, "pglite-torn", "PG_VERSION"), "torn");
  writeFileSync(join(folder, "state"), "open 00000000-0000-0000-0000-000000000000\n");
}

/** Starts a node from the image of a disk and inspects it. */
async function inspectImage(
  { forge, owner }: Recording,
  dataFolder: string,
  promises: Promises,
  where: string,
): Promise<void> {
  const dataDirectory = join(dataFolder, "node0");
  spoilDatabase(dataDirectory);
  const [node, main] = forge.devnet.node.startCommand;
  const port = String(forge.devnet.basePort);
  const command = [node!, main!, "node", "start", "--data", dataDirectory, "--port", port, "--quiet"];
  await using running = await startNodeAlone(command, { url: forge.baseUrl, dataDirectory }, where);
  await inspectSurvivor({ dataDirectory, forge, owner }, promises, where);
  await running.kill();
}

describe("a recorded node", () => {
  let recording: Recording;
  beforeAll(async () => {
    recording = await record(pushCount);
  }, 300_000);
  afterAll(() => recording?.[Symbol.asyncDispose]());

  test("does nothing to its disk that the recording does not know", () => {
    const { recorder, root } = recording;
    expect(findUnsupported(recorder.logFile)).toEqual([]);
    expect(compareWithDirectory(recorder.logFile, root.path)).toEqual([]);
  });

  test(
    `keeps every promise after a power loss at any point, whatever of the unsynced writes survives (${imageCount} times)`,
    { timeout: 60_000 + imageCount * 60_000 },
    async () => {
      const random = createRandom(seed);
      const { recorder, root } = recording;
      const { count, notes } = indexRecords(recorder.logFile, (note) => (note as Note).type === "pushed");
      const first = notes[0]!;
      const points = Array.from({ length: imageCount }, (_, index) =>
        index % 2 === 0
          ? notes[Math.floor(random() * notes.length)]! // the moment of an acknowledgement
          : first + Math.floor(random() * (count - first)),
      ).toSorted((left, right) => left - right);
      const promises = new Promises();
      let image = 0;
      for (const { point, disk } of replayTo(recorder.logFile, root, points, (note) => promises.add(note as Note))) {
        using folder = createTemporaryFolder("image");
        const survival = survivals[image % survivals.length]!;
        const where = `seed ${seed}, image ${image}, record ${point}, ${JSON.stringify(survival)} (GUTS_SEED=${seed} npm test -- crash)`;
        disk.materialize(folder.path, survival, createRandom(seed + image));
        await inspectImage(recording, folder.path, promises.clone(), where);
        image += 1;
      }
      expect(image).toBe(imageCount);
    },
  );
});

/** Nothing that was not synced is there. */
const nothingUnsynced: Survival = { names: 0, pages: 0 };

/** Records a node that does not sync `swallow`, and inspects what is left when power is lost at its last acknowledgement. */
async function loseWithoutSyncing(swallow: string): Promise<void> {
  await using recording = await record(4, swallow);
  const { recorder, root } = recording;
  const { notes } = indexRecords(recorder.logFile, (note) => (note as Note).type === "pushed");
  const promises = new Promises();
  const replay = replayTo(recorder.logFile, root, [notes.at(-1)!], (note) => promises.add(note as Note));
  for (const { disk } of replay) {
    using folder = createTemporaryFolder("image");
    disk.materialize(folder.path, nothingUnsynced, createRandom(seed));
    expect(existsSync(join(folder.path, "node0"))).toBe(true);
    await inspectImage(recording, folder.path, promises, `seed ${seed}, without syncs of ${swallow}`);
  }
}

describe("a node that forgets to sync is found out:", () => {
  test.each([
    ["the block log and the journal of consensus", "/00000000.log"],
    ["the directory of packs", "/objects/pack"],
    ["the directory of a new repository", "/repositories"],
  ])("%s", { timeout: 240_000 }, async (_what, swallow) => {
    await expect(loseWithoutSyncing(swallow)).rejects.toThrow();
  });
});

test("the state is made again from the block log when it was never synced", { timeout: 240_000 }, async () => {
  await loseWithoutSyncing("/ledger/state.sqlite");
});
