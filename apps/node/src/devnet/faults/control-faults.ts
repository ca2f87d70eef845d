import { once } from "node:events";
import { createConnection } from "node:net";

import { NodeError } from "../../node-error.ts";
import { faultSocketOf, type FaultAnswer } from "./start-faults.ts";

const answerTimeoutMs = 5_000;

/** `guts devnet fault`: tells the running devnet in `root` what to do with its links; answers those that are not healthy. */
export async function controlFaults(root: string, words: readonly string[]): Promise<readonly string[]> {
  const answer = JSON.parse(await ask(faultSocketOf(root), JSON.stringify(words))) as FaultAnswer;
  if ("problem" in answer) throw new NodeError("usage", `guts devnet fault: ${answer.problem}.`);
  return answer.links;
}

async function ask(path: string, line: string): Promise<string> {
  const socket = createConnection(path).setEncoding("utf8").setTimeout(answerTimeoutMs);
  socket.on("timeout", () => socket.destroy(new NodeError("usage", "The devnet does not answer.")));
  try {
    await once(socket, "connect");
  } catch (cause) {
    throw new NodeError("usage", `No devnet with --faults runs there (${path}).`, { cause });
  }
  socket.write(`${line}\n`);
  let text = "";
  for await (const chunk of socket) text += chunk as string;
  return text;
}
