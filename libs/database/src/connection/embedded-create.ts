/**
 * A process that creates the files of an embedded database and ends; `argv`: their directory.
 *
 * Creating a cluster takes some hundred megabytes, which a thread would leave behind in the node's memory. The
 * process ends at once when its standard input does, for then the node is gone.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { EmbeddedWorkerData, EmbeddedWorkerMessage } from "./embedded-worker.ts";

const [directory = ""] = process.argv.slice(2);

process.stdin.once("close", () => process.exit(1)).resume();

const workerData: EmbeddedWorkerData = { directory, socketPath: undefined };
const worker = new Worker(new URL("./embedded-worker.ts", import.meta.url), { workerData });
await expectMessage("ready");
worker.postMessage("stop");
await expectMessage("stopped");
process.exit(0);

async function expectMessage(type: EmbeddedWorkerMessage["type"]): Promise<void> {
  const [message] = (await once(worker, "message")) as [EmbeddedWorkerMessage];
  if (message.type === type) return;
  process.stderr.write(message.type === "failed" ? message.message : message.type);
  process.exit(1);
}
