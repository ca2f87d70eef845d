/** Three nodes agree on everything or on nothing: with one down nothing is written, nothing is lost, and reading goes on. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { ApiError } from "@guts/api/client";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type Devnet, repositoryRoot, startDevnet } from "../harness/devnet.ts";
import { createReadModel, deleteReadModel } from "../harness/read-models.ts";
import { createGitRunner, runProgram, type GitResult } from "../harness/git.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../harness/temporary-folder.ts";
import { byTier } from "../harness/tier.ts";
import { makeBlocks } from "./many-blocks.ts";
import { Members, untilUp } from "./members.ts";
import { Mirror } from "./mirror.ts";
import { startWriter, type Writer } from "./writer.ts";

let devnet: Devnet;
let members: Members;
let folder: TemporaryFolder;
let writer: Writer;

beforeAll(async () => {
  devnet = await startDevnet({ nodeCount: 3 });
  members = new Members(devnet);
  folder = createTemporaryFolder("three");
  const git = createGitRunner(folder.path);
  writer = await startWriter({ members, git, login: "maintainer", repository: "harbour" }, 0);
}, 330_000);
afterAll(async () => {
  await members[Symbol.asyncDispose]();
  await devnet[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

function guts(...args: readonly string[]): Promise<GitResult> {
  const env = { ...process.env, HOME: folder.path, XDG_CONFIG_HOME: join(folder.path, ".config") };
  return runProgram(join(repositoryRoot, "guts"), args, { cwd: folder.path, env });
}

test(
  "while one of three is down, writes are refused or unknown in plain words, and reading goes on",
  { timeout: 240_000 },
  async () => {
    const main = await writer.readMain(0);
    await members.signal(2, "SIGKILL");
    await untilUp(members.client(0), 2);

    const pushed = await writer.commitAndPush(0);
    expect(pushed.result.exitCode).toBe(1);
    const words = pushed.result.stderr.replaceAll(/\s+/g, " ");
    expect(words).toMatch(
      /until one more is back|not known yet whether this is applied: it may be until \d\d:\d\d:\d\d UTC/,
    );

    const key = { idempotencyKey: randomBytes(8).toString("hex") };
    const create = () =>
      members.client(0, "maintainer").answer("POST /api/v3/user/repos", { body: { name: "later" }, ...key });
    const refusal = await create().then(
      () => undefined,
      (error: unknown) => (error instanceof ApiError ? error : undefined),
    );
    expect([503, 504]).toContain(refusal?.status);
    expect(refusal?.message).toMatch(/until one more is back|may be until/);

    expect(await writer.readMain(1)).toBe(main);
    await createGitRunner(folder.path).run(["clone", "-q", writer.url(1), join(folder.path, "read")]);
    const status = await guts("network", "status", "--host", members.url(0));
    expect({ exitCode: status.exitCode, says: status.stdout.includes("2 of 3 validators up; one more must") }).toEqual({
      exitCode: 1,
      says: true,
    });

    await members.start(2);
    await untilUp(members.client(0), 3);
    const { height } = await create();
    const again = await create();
    expect(again.data.id).toBe((await create()).data.id);
    expect(again.height).toBe(height);
    const repositories = await members.client(1, "maintainer").call("GET /api/v3/user/repos", { minHeight: height! });
    expect(repositories.filter(({ name }) => name === "later")).toHaveLength(1);
    const resumed = await writer.push(1);
    expect(resumed.result.exitCode, resumed.result.stderr).toBe(0);
    await members.expectSameSoon();
  },
);

test(
  "a node whose read model was deleted while it was off for many blocks has the same rows and root again",
  { timeout: 300_000 },
  async () => {
    // Three nodes finalize only together, so the one that is to be behind joins as a fourth that does not vote.
    const data = join(folder.path, "mirror");
    const port = String(devnet.basePort + 40);
    await createReadModel("mirror");
    const joined = await guts(
      "node",
      "join",
      members.url(0),
      "--genesis-hash",
      devnet.ready.network,
      "--data",
      data,
      "--name",
      "mirror",
      "--port",
      port,
    );
    expect(joined.exitCode, joined.stderr).toBe(0);
    const nodeId = /guts network admit ([0-9a-f]{64}) --name mirror/.exec(joined.stdout)![1]!;
    const url = `http://127.0.0.1:${port}`;
    const login = await runProgram(
      join(repositoryRoot, "guts"),
      ["auth", "login", "--host", members.url(0), "--with-token"],
      {
        cwd: folder.path,
        env: { ...process.env, HOME: folder.path, XDG_CONFIG_HOME: join(folder.path, ".config") },
        input: devnet.account("maintainer").token,
      },
    );
    expect(login.exitCode, login.stderr).toBe(0);
    const keyFile = devnet.account("maintainer").privateKeyFile;
    const admitted = await guts("network", "admit", nodeId, "--name", "mirror", "--key-file", keyFile);
    expect(admitted.exitCode, admitted.stderr).toBe(0);

    await using mirror = new Mirror(data, url);
    await mirror.start();
    expect(await mirror.difference(members)).toEqual([]);
    await mirror.stop();
    for (const at of members.indices()) {
      const { result } = await writer.commitAndPush(at);
      expect(result.exitCode, result.stderr).toBe(0);
    }
    await makeBlocks(members, members.indices(), byTier({ short: 60, long: 600 }));
    await deleteReadModel({ name: "mirror", dataDir: data });
    await mirror.start();
    expect(await mirror.difference(members)).toEqual([]);
    const removed = await guts("network", "remove", "mirror", "--yes", "--key-file", keyFile);
    expect(removed.exitCode, removed.stderr).toBe(0);
  },
);
