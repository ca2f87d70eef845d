import { join } from "node:path";

import { createClient } from "@guts/api/client";
import { expect } from "vitest";

import { repositoryRoot } from "../harness/devnet.ts";
import { type NodeAlone, startNodeAlone } from "../harness/node-alone.ts";
import { catchUpMs, type Members } from "./members.ts";

/** A node that follows a network without voting. */
export class Mirror implements AsyncDisposable {
  readonly #dataDirectory: string;
  readonly #url: string;
  #process: NodeAlone | undefined;

  constructor(dataDirectory: string, url: string) {
    this.#dataDirectory = dataDirectory;
    this.#url = url;
  }

  /** Starts it and waits until it is ready, which it is when it has caught up. */
  async start(): Promise<void> {
    const main = join(repositoryRoot, "apps", "node", "src", "main.ts");
    const command = [process.execPath, main, "node", "start", "--data", this.#dataDirectory];
    this.#process = await startNodeAlone(command, { url: this.#url, dataDirectory: this.#dataDirectory }, "mirror");
  }

  async stop(): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** What it says otherwise than the network's first node: blocks, roots, repositories in lists. */
  async difference(members: Members): Promise<readonly string[]> {
    const height = await members.level();
    const [theirs, ours] = [members.client(0), createClient({ baseUrl: this.#url })];
    await expect
      .poll(async () => (await ours.call("GET /api/guts/status", {})).readModelHeight, {
        timeout: catchUpMs,
        interval: 100,
      })
      .toBeGreaterThanOrEqual(height);
    const questions = [
      (client: typeof ours) => client.call("GET /api/guts/blocks/{height}", { path: { height: String(height) } }),
      (client: typeof ours) => client.call("GET /api/v3/users/{username}/repos", { path: { username: "maintainer" } }),
      (client: typeof ours) => client.call("GET /api/v3/users/{username}/repos", { path: { username: "contributor" } }),
    ];
    const differences: string[] = [];
    for (const [index, ask] of questions.entries()) {
      const [expected, actual] = (await Promise.all([ask(theirs), ask(ours)])).map((answer) =>
        this.#neutral(answer, members),
      );
      if (expected !== actual) differences.push(`question ${index}: ${expected} against ${actual}`);
    }
    return differences;
  }

  /** An answer without the address of who gave it. */
  #neutral(answer: unknown, members: Members): string {
    return [this.#url, members.url(0)].reduce(
      (text, url) => text.replaceAll(url, "").replaceAll(new URL(url).host, ""),
      JSON.stringify(answer),
    );
  }
}
