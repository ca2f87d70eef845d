/**
 * Links between the nodes of a devnet that can be cut and slowed down while it runs.
 *
 * Each node tells the others to reach it at the ports of two proxies, for libp2p and for packs, which find out who dialled and
 * look up the rule between the two. All of this is in the devnet's own process; a node knows nothing of it. Commands come as one
 * line of JSON through a socket in the data directory, which is its owner's alone.
 */
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";

import { findLockHolder } from "@guts/storage";

import { NodeError } from "../../node-error.ts";
import type { NodePlace } from "../layout.ts";
import { LinkProxy } from "./link-proxy.ts";
import { LinkRules, parseFault } from "./link-rules.ts";
import { findSocketOwner } from "./socket-owner.ts";

/** The answer to a command. */
export type FaultAnswer = { readonly links: readonly string[] } | { readonly problem: string };

/** Longest command, and longest time to send it in. */
const commandBytesMax = 4_096;
const commandTimeoutMs = 5_000;
/** What Linux allows as the path of a socket. */
const socketPathBytesMax = 107;

/** Where the devnet in `root` takes commands. */
export function faultSocketOf(root: string): string {
  return join(root, "faults.sock");
}

/** Opens the links of all nodes and the control socket. */
export async function startFaults(root: string, places: readonly NodePlace[]): Promise<AsyncDisposable> {
  assertPossible(root);
  await using opened = new AsyncDisposableStack();
  const rules = new LinkRules();
  const names = places.map(({ name }) => name);
  const proxies: LinkProxy[] = [];
  for (const place of places) {
    const links = [
      { port: place.announcedPorts.p2p, targetPort: place.p2pPort },
      { port: place.announcedPorts.packs, targetPort: place.packsPort },
    ];
    for (const { port, targetPort } of links) {
      const nodeOf = (from: number) => findSocketOwner({ from, to: port }, processesOf(places));
      const ruleOf = (dialler: string) => rules.ruleOf(dialler, place.name);
      proxies.push(opened.use(await LinkProxy.open({ port, targetPort, nodeOf, ruleOf })));
    }
  }
  const answer = (words: readonly string[]): FaultAnswer => {
    const command = parseFault(words, names);
    if (typeof command === "string") return { problem: command };
    rules.apply(command, names);
    for (const proxy of proxies) proxy.changed();
    return { links: rules.describe(names) };
  };
  opened.use(await openControl(faultSocketOf(root), answer));
  return opened.move();
}

function assertPossible(root: string): void {
  if (!existsSync("/proc/net/tcp"))
    throw new NodeError("usage", "--faults needs Linux: it finds out in /proc which node has dialled.");
  if (Buffer.byteLength(faultSocketOf(root)) > socketPathBytesMax)
    throw new NodeError("usage", `The path of ${root} is too long for --faults. Choose a shorter one with --data.`);
}

/** The processes that run now; one that was started again alone is found by its lock. */
function processesOf(places: readonly NodePlace[]): ReadonlyMap<string, number> {
  const holders = places.map(({ name, dataDirectory }) => [name, findLockHolder(dataDirectory)] as const);
  return new Map(holders.flatMap(([name, pid]) => (typeof pid === "number" ? [[name, pid] as const] : [])));
}

async function openControl(path: string, answer: (words: readonly string[]) => FaultAnswer): Promise<AsyncDisposable> {
  rmSync(path, { force: true }); // What a killed devnet left; the lock says that it is not in use.
  const server = createServer((socket) => serve(socket, answer));
  server.listen(path);
  await once(server, "listening");
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

function serve(socket: Socket, answer: (words: readonly string[]) => FaultAnswer): void {
  let text = "";
  socket.setTimeout(commandTimeoutMs, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    text += chunk;
    if (text.length > commandBytesMax) socket.destroy();
    else if (text.includes("\n")) socket.end(`${JSON.stringify(answer(wordsOf(text)))}\n`);
  });
}

function wordsOf(text: string): readonly string[] {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : [];
  } catch {
    return [];
  }
}
