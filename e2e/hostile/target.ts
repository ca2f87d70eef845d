import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

import { encodeFlush, encodePktLine, joinBytes } from "@guts/git";
import { expect } from "vitest";

import { leftoversOf } from "../crash/inspect.ts";
import type { DevnetOptions } from "../harness/devnet.ts";
import { type Forge, type Person, startForge, type TestRepository } from "../harness/forge.ts";
import { runProgram } from "../harness/git.ts";
import { descendantsOf } from "../harness/processes.ts";
import { type RawAnswer, sendRaw } from "../harness/raw-http.ts";

/** A node under attack, and a victim on it with a repository. */
export interface Target extends AsyncDisposable {
  readonly forge: Forge;
  readonly victim: Person;
  readonly repository: TestRepository & { readonly workTree: string };
  /** Posts to a git service of the repository as the victim. */
  post(
    service: "upload-pack" | "receive-pack",
    chunks: readonly Uint8Array[],
    headers?: Readonly<Record<string, string>>,
  ): Promise<RawAnswer>;
  /** Pushes `pack` raw, to make `ref` name `id`; answers the report in words. */
  pushRaw(ref: string, id: string, pack: Uint8Array, options?: { readonly oldId?: string }): Promise<string>;
  /** Does something hostile and insists that the node lives and that nothing has changed. */
  unharmed<Result>(attack: () => Promise<Result>): Promise<Result>;
}

/** How much more memory an attack may leave in use. */
const residentGrowthBytesMax = 256 * 1024 * 1024;
const settleTimeoutMs = 60_000;
export const zeroId = "0".repeat(40);

/** Starts a node with one person and one repository. */
export async function startTarget(options: DevnetOptions = {}): Promise<Target> {
  const forge = await startForge(options);
  const victim = await forge.signUp();
  const repository = await forge.createFilledRepository(victim);
  const authorization = `Basic ${Buffer.from(`x:${victim.token}`).toString("base64")}`;
  const post: Target["post"] = (service, chunks, headers = {}) =>
    sendRaw(`${repository.url}/git-${service}`, {
      method: "POST",
      headers: { "content-type": `application/x-git-${service}-request`, authorization, ...headers },
      chunks,
    });
  return {
    forge,
    victim,
    repository,
    post,
    async pushRaw(ref, id, pack, { oldId = zeroId } = {}) {
      const command = pktLine(`${oldId} ${id} ${ref}\0 report-status`);
      const { status, body } = await post("receive-pack", [joinBytes([command, encodeFlush()]), pack]);
      return `${status} ${body.toString("latin1")}`;
    },
    async unharmed(attack) {
      const before = await observeAtRest(forge, repository);
      const result = await attack();
      await expect.poll(() => leftoversOf(forge.devnet.node.dataDir), { timeout: settleTimeoutMs }).toEqual([]);
      await expect.poll(() => gitProcesses(forge), { timeout: settleTimeoutMs }).toBeLessThanOrEqual(before.processes);
      const after = await observe(forge, repository);
      expect({ ...after, resident: 0, processes: 0 }).toEqual({ ...before, resident: 0, processes: 0 });
      expect(after.resident).toBeLessThan(before.resident + residentGrowthBytesMax);
      return result;
    },
    [Symbol.asyncDispose]: () => forge[Symbol.asyncDispose](),
  };
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const pktLine = (text: string | Uint8Array): Uint8Array =>
  encodePktLine(typeof text === "string" ? utf8(text) : text);

/** Whether a push's answer says no: by its status, or in the report. */
export function isRefusedPush(answer: string): boolean {
  return /^4\d\d /.test(answer) || /ERR |ng |unpack (?!ok)/.test(answer);
}

/** What was on the wire when the peer closed, or when `isEnough` was satisfied. */
export async function exchange(
  forge: Forge,
  text: string | Uint8Array,
  { isEnough = () => false, timeoutMs = 20_000 }: { isEnough?: (answer: string) => boolean; timeoutMs?: number } = {},
): Promise<string> {
  const { hostname, port } = new URL(forge.baseUrl);
  const socket = connect(Number(port), hostname);
  let answer = "";
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(finish, timeoutMs);
    socket.setEncoding("latin1").on("data", (part: string) => {
      answer += part;
      if (isEnough(answer)) finish();
    });
    socket.once("error", finish);
    socket.once("close", finish);
    socket.write(text);
  });
}

/** Git processes of the node that no long-lived reader is. */
function gitProcesses(forge: Forge): number {
  return descendantsOf(forge.devnet.node.pid).filter((pid) => {
    const command = readOptional(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
    return /(^|\/)git /.test(command) && !/cat-file --batch|update-ref --stdin|diff-tree --stdin/.test(command);
  }).length;
}

/** What is there once the work that follows an earlier push has ended: git calls files that it is still moving garbage. */
async function observeAtRest(forge: Forge, repository: TestRepository) {
  let seen: Awaited<ReturnType<typeof observe>> | undefined;
  await expect
    .poll(async () => (seen = await observe(forge, repository)).objects, { timeout: settleTimeoutMs })
    .toContain("garbage: 0");
  return seen!;
}

async function observe(forge: Forge, { url }: TestRepository) {
  const { dataDir, pid } = forge.devnet.node;
  expect((await sendRaw(`${forge.baseUrl}/healthz`)).status).toBe(200);
  const blocks = await forge.anonymous.call("GET /api/guts/blocks", { query: { limit: 100 } });
  const newest = blocks.find(({ transactionCount }) => transactionCount > 0)!;
  const count = await runProgram("git", ["-c", "safe.directory=*", "count-objects", "-v"], {
    cwd: join(dataDir, "git", "repositories", "01", "1.git"),
    env: { PATH: process.env["PATH"], HOME: "/nonexistent" },
  });
  return {
    lastChange: newest.id,
    refs: await forge.git.run(["ls-remote", url]),
    objects: count.stdout.replaceAll(/^size.*\n/gm, ""),
    pid,
    processes: gitProcesses(forge),
    resident: 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]),
  };
}

function readOptional(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
