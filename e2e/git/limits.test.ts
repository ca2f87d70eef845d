import { randomBytes } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Forge, type Person, startForge } from "../harness/forge.ts";
import { sendRaw } from "../harness/raw-http.ts";

const mebibyte = 1024 * 1024;
let forge: Forge;
let ada: Person;

beforeAll(async () => {
  forge = await startForge({
    env: {
      GUTS_GIT_PACK_BYTES_MAX: String(mebibyte),
      GUTS_GIT_INFLATED_BYTES_MAX: String(8 * mebibyte),
      GUTS_GIT_OBJECT_COUNT_MAX: "200",
      GUTS_GIT_PUSH_SECONDS_MAX: "3",
      GUTS_GIT_CONCURRENT_FETCHES_MAX: "2",
    },
  });
  ada = await forge.signUp();
});
afterAll(() => forge[Symbol.asyncDispose]());

/** Pushes main and answers what the person reads; the refs must be as before when it is refused. */
async function refusalOfPush(workTree: string, url: string, ...refspecs: string[]): Promise<string> {
  const before = await forge.git.run(["ls-remote", url]);
  const { exitCode, stderr } = await forge.git.try(["-C", workTree, "push", "origin", ...refspecs]);
  if (exitCode === 0) return "";
  expect(await forge.git.run(["ls-remote", url])).toBe(before);
  return stderr;
}

async function commitBytes(workTree: string, name: string, bytes: Uint8Array): Promise<void> {
  writeFileSync(join(workTree, name), bytes);
  await forge.git.run(["-C", workTree, "add", name]);
  await forge.git.run(["-C", workTree, "commit", "-q", "-m", name]);
}

/** What pushes left in temporary folders of the node. */
function leftovers(): readonly string[] {
  return readdirSync(forge.devnet.node.dataDir, { recursive: true, encoding: "utf8" }).filter((path) =>
    /(incoming|quarantine|tmp_(pack|idx))/.test(path),
  );
}

describe("a push is refused in words a person understands", () => {
  test("when its pack has more bytes than the limit, and accepted below", async () => {
    const { workTree, url } = await forge.createFilledRepository(ada);
    await commitBytes(workTree, "fits.bin", randomBytes(mebibyte - 64 * 1024));
    expect(await refusalOfPush(workTree, url, "main")).toBe("");
    await commitBytes(workTree, "large.bin", randomBytes(mebibyte + 1));
    expect(await refusalOfPush(workTree, url, "main")).toMatch(/(larger|bytes|MiB|MB|size)/i);
  });

  test("when a small pack inflates to more than the limit", async () => {
    const { workTree, url } = await forge.createFilledRepository(ada);
    await commitBytes(workTree, "zeros.bin", new Uint8Array(64 * mebibyte));
    expect(await refusalOfPush(workTree, url, "main")).toMatch(/inflate|uncompressed|unpack|larger|bytes/i);
  });

  test("when it has more objects than the limit", async () => {
    const { workTree, url } = await forge.createFilledRepository(ada);
    for (let index = 0; index < 201; index++) writeFileSync(join(workTree, `${index}`), `${index}`);
    await forge.git.run(["-C", workTree, "add", "."]);
    await forge.git.run(["-C", workTree, "commit", "-q", "-m", "many"]);
    expect(await refusalOfPush(workTree, url, "main")).toMatch(/objects/i);
  });

  test("when a ref's name is longer than a file's name may be", async () => {
    const { workTree, url } = await forge.createFilledRepository(ada);
    const longest = `refs/heads/${"x".repeat(255 - "refs/heads/".length)}`;
    expect(await refusalOfPush(workTree, url, `HEAD:${longest}`)).toBe("");
    expect(await refusalOfPush(workTree, url, `HEAD:${longest}y`)).not.toBe("");
  });
});

test("refused pushes leave nothing behind", async () => {
  await expect.poll(leftovers, { timeout: 10_000 }).toEqual([]);
});

// Together: each waits for a limit of its own to pass.
describe.concurrent("a push whose client falls silent is ended, and the node goes on", () => {
  test.each([
    ["in its commands", (command: string) => pktLine(command).slice(0, 20)],
    ["before its pack", (command: string) => `${pktLine(command)}0000`],
    ["in its pack", (command: string) => `${pktLine(command)}0000PACK`],
  ])("%s", async (_where, begin) => {
    const { url, workTree } = await forge.createFilledRepository(ada);
    const { hostname, port, pathname } = new URL(url);
    const id = await forge.git.run(["-C", workTree, "commit-tree", "-m", "x", "HEAD^{tree}"]);
    const head = [
      `POST ${pathname}/git-receive-pack HTTP/1.1`,
      `Host: ${hostname}`,
      `Authorization: Basic ${Buffer.from(`x:${ada.token}`).toString("base64")}`,
      "Content-Type: application/x-git-receive-pack-request",
      "Content-Length: 100000",
    ];
    const socket = connect(Number(port), hostname);
    socket.write(`${head.join("\r\n")}\r\n\r\n${begin(`${"0".repeat(40)} ${id} refs/heads/slow\0 report-status`)}`);
    await new Promise<void>((resolve) => {
      socket.once("close", () => resolve()).once("error", () => resolve());
      socket.once("data", () => socket.destroy());
    });
    expect((await sendRaw(`${forge.baseUrl}/healthz`)).status).toBe(200);
    expect(await forge.git.run(["ls-remote", url])).not.toContain("slow");
  });
});

function pktLine(text: string): string {
  return (text.length + 4).toString(16).padStart(4, "0") + text;
}

test("what interrupted pushes left behind is swept when the node starts", async () => {
  const { url, workTree } = await forge.createFilledRepository(ada);
  await commitBytes(workTree, "some.bin", randomBytes(512 * 1024));
  const push = forge.git.try(["-C", workTree, "-c", "http.postBuffer=65536", "push", "origin", "main"]);
  process.kill(forge.devnet.node.pid, "SIGKILL");
  await push;
  await forge.devnet.stop();
  await forge.devnet.start();
  expect(leftovers()).toEqual([]);
  await forge.git.run(["-C", workTree, "push", "-q", "origin", "main"]);
  expect(await forge.git.run(["ls-remote", url, "main"])).toContain(
    await forge.git.run(["-C", workTree, "rev-parse", "HEAD"]),
  );
});

test("more clones than may run at once wait their turn and are all served", async () => {
  const { url } = await forge.createFilledRepository(ada);
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, () => forge.git.try(["clone", "-q", url, forge.newFolder()])),
  );
  expect(outcomes.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
});
