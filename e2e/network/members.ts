/** The nodes of a test's network, one by one: kill, stop, start again, compare. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { ApiClient } from "@guts/api/client";
import { expect } from "vitest";

import { createCheckedClient } from "../harness/checked-client.ts";
import type { Devnet, DevnetNode } from "../harness/devnet.ts";
import { runProgram } from "../harness/git.ts";
import { type NodeAlone, startNodeAlone } from "../harness/node-alone.ts";
import { isAlive } from "../harness/processes.ts";
import type { RowsPlace } from "./rows.ts";

/** Within this, a node that was away is where the others are; a machine that runs other suites beside is slow. */
export const catchUpMs = 90_000;

/** What two nodes have in common when they agree. */
export interface NodeFacts {
  readonly height: number;
  readonly blockId: string;
  readonly stateRoot: string;
  /** Lines of `object-id ref` of each repository, as git on disk has them. */
  readonly refs: Readonly<Record<string, readonly string[]>>;
  /** Ids of all objects that refs reach, of each repository. */
  readonly objects: Readonly<Record<string, readonly string[]>>;
}

/** The processes of a network, whoever started them. */
export class Members implements AsyncDisposable {
  readonly #devnet: Devnet;
  readonly #env: NodeJS.ProcessEnv;
  readonly #alone = new Map<number, NodeAlone>();

  /** `env` is added to the environment of the nodes that are started again. */
  constructor(devnet: Devnet, env: NodeJS.ProcessEnv = {}) {
    this.#devnet = devnet;
    this.#env = env;
  }

  /** The node of this index, by its ready file. */
  node(index: number): DevnetNode {
    return this.#devnet.ready.nodes[index]!;
  }

  get count(): number {
    return this.#devnet.ready.nodes.length;
  }

  url(index: number): string {
    return this.node(index).httpUrl;
  }

  client(index: number, login?: string): ApiClient {
    const token = login === undefined ? {} : { token: this.#devnet.account(login).token };
    return createCheckedClient({ baseUrl: this.url(index), ...token });
  }

  /** Where a node's lists are asked. */
  place(index: number): RowsPlace {
    return { url: this.url(index), client: this.client(index) };
  }

  /** The address of a repository at a node, with an account's token. */
  remote(index: number, login: string, fullName: string): string {
    const { token } = this.#devnet.account(login);
    return `${this.url(index).replace("//", `//${login}:${token}@`)}/${fullName}.git`;
  }

  pid(index: number): number {
    return this.#alone.get(index)?.pid ?? this.node(index).pid;
  }

  /** Sends a signal, and waits until the process is gone when it is one that ends it. */
  async signal(index: number, signal: NodeJS.Signals): Promise<void> {
    const pid = this.pid(index);
    process.kill(pid, signal);
    if (signal !== "SIGKILL" && signal !== "SIGTERM") return;
    await expect.poll(() => isAlive(pid), { timeout: 15_000, interval: 20 }).toBe(false);
    this.#alone.delete(index);
  }

  /** Starts a node that has ended by its own start command, and waits until it is where the network is. */
  async start(index: number): Promise<void> {
    const { startCommand, httpUrl: url, dataDir: dataDirectory, name } = this.node(index);
    this.#alone.set(index, await startNodeAlone(startCommand, { url, dataDirectory, env: this.#env }, name));
  }

  /** The same with another program that takes the node's directory and port. */
  async startAs(index: number, program: string): Promise<void> {
    const { startCommand, httpUrl: url, dataDir: dataDirectory, name } = this.node(index);
    const command = [startCommand[0]!, program, dataDirectory, new URL(url).port];
    this.#alone.set(index, await startNodeAlone(command, { url, dataDirectory }, name));
  }

  /** The newest height that any of these nodes has; waits until each of them has it. */
  async level(indices: readonly number[] = this.indices()): Promise<number> {
    const heights = await Promise.all(indices.map((index) => this.#height(index)));
    const height = Math.max(...heights);
    const reached = async (index: number) => (await this.#height(index)) >= height;
    await expect
      .poll(async () => (await Promise.all(indices.map(reached))).every(Boolean), { timeout: catchUpMs, interval: 100 })
      .toBe(true);
    return height;
  }

  indices(): readonly number[] {
    return Array.from({ length: this.count }, (_, index) => index);
  }

  /** What a node has at a height, and in git now. Nothing must be written meanwhile. */
  async facts(index: number, height: number): Promise<NodeFacts> {
    const block = await this.client(index).call("GET /api/guts/blocks/{height}", { path: { height: String(height) } });
    const root = join(this.node(index).dataDir, "git", "repositories");
    const refs: Record<string, readonly string[]> = {};
    const objects: Record<string, readonly string[]> = {};
    for (const folder of repositoriesBelow(root)) {
      const name = folder.slice(root.length + 1);
      const lines = await linesOf(folder, ["for-each-ref", "--format=%(objectname) %(refname)"]);
      if (lines.length === 0) continue; // Whether a folder is there for nothing is a node's own affair.
      refs[name] = lines;
      objects[name] = (await linesOf(folder, ["rev-list", "--objects", "--no-object-names", "--all"])).toSorted();
    }
    return { height, blockId: block.id, stateRoot: block.stateRoot, refs, objects };
  }

  /** Insists that these nodes have the same height, block, root, refs and objects. */
  async expectSame(indices: readonly number[] = this.indices()): Promise<NodeFacts> {
    const height = await this.level(indices);
    const [first, ...others] = await Promise.all(indices.map((index) => this.facts(index, height)));
    for (const [position, other] of others.entries())
      expect(other, `${this.node(indices[position + 1]!).name} against ${this.node(indices[0]!).name}`).toEqual(first);
    return first!;
  }

  /** The same for nodes of which some were away: they fetch what they missed, and are waited for. */
  async expectSameSoon(indices: readonly number[] = this.indices()): Promise<void> {
    const height = await this.level(indices);
    const factsOf = () => Promise.all(indices.map((index) => this.facts(index, height)));
    const differing = async () => {
      const all = (await factsOf()).map((facts) => JSON.stringify(facts));
      return indices.filter((_, position) => all[position] !== all[0]).map((index) => this.node(index).name);
    };
    try {
      await expect.poll(differing, { timeout: catchUpMs, interval: 250 }).toEqual([]);
    } catch (cause) {
      const names = await differing();
      const late = indices.filter((index) => names.includes(this.node(index).name));
      throw new Error(late.map((index) => `${this.node(index).name} says:\n${this.log(index)}`).join("\n"), { cause });
    }
  }

  /** The end of a node's log, for messages. */
  log(index: number): string {
    return readFileSync(this.node(index).logFile, "utf8").slice(-8_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#alone.values(), (node) => node[Symbol.asyncDispose]()));
  }

  async #height(index: number): Promise<number> {
    const network = await this.client(index).call("GET /api/guts/network", { signal: AbortSignal.timeout(10_000) });
    return network.height;
  }
}

function repositoriesBelow(root: string): readonly string[] {
  return readdirSync(root)
    .flatMap((shard) => readdirSync(join(root, shard)).map((name) => join(root, shard, name)))
    .toSorted();
}

async function linesOf(repository: string, args: readonly string[]): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await runProgram("git", ["-C", repository, ...args], {
    cwd: repository,
    env: { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", HOME: repository, LC_ALL: "C", GIT_DIR: repository },
  });
  if (exitCode !== 0) throw new Error(`git ${args.join(" ")} in ${repository}: ${stderr}`);
  return stdout.split("\n").filter((line) => line !== "");
}

/** Resolves when a node says that so many validators are up. */
export async function untilUp(client: ApiClient, count: number): Promise<void> {
  await expect
    .poll(async () => (await client.call("GET /api/guts/network", {})).quorum.upCount, {
      timeout: catchUpMs,
      interval: 100,
    })
    .toBe(count);
}
