import { join } from "node:path";

import { createCheckedClient } from "../harness/checked-client.ts";
import { repositoryRoot } from "../harness/devnet.ts";
import { type NodeAlone, startNodeAlone } from "../harness/node-alone.ts";
import type { Members } from "./members.ts";
import { findRowDifferences } from "./rows.ts";

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

  /** What it says otherwise than the network's first node: the newest block with its root, and lists. */
  async difference(members: Members): Promise<readonly string[]> {
    const height = await members.level();
    const [theirs, ours] = [members.place(0), { url: this.#url, client: createCheckedClient({ baseUrl: this.#url }) }];
    const rows = await findRowDifferences(theirs, ours, height);
    const [expected, actual] = await Promise.all(
      [theirs, ours].map(({ client }) =>
        client.call("GET /api/guts/blocks/{height}", { path: { height: String(height) } }),
      ),
    );
    const isSameBlock = expected!.id === actual!.id && expected!.stateRoot === actual!.stateRoot;
    return isSameBlock ? rows : [...rows, `block ${height} is another`];
  }
}
