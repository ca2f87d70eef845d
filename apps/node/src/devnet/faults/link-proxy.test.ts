import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { LinkProxy } from "./link-proxy.ts";
import { connectedInode, findSocketOwner } from "./socket-owner.ts";
import { heldBytesMax, type PipeRule } from "./slow-pipe.ts";

const port = 43_905;
let rule: PipeRule;
let echo: Server;
let proxy: LinkProxy;
let sockets: Socket[];
const children: ChildProcess[] = [];

beforeEach(async () => {
  rule = { isCut: false, delayMs: 0 };
  sockets = [];
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  }).listen(0, "127.0.0.1");
  await once(echo, "listening");
  const { port: targetPort } = echo.address() as AddressInfo;
  const processes = new Map([["me", process.pid]]);
  const nodeOf = (from: number) => findSocketOwner({ from, to: port }, processes);
  proxy = await LinkProxy.open({ port, targetPort, nodeOf, ruleOf: () => rule });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await proxy[Symbol.asyncDispose]();
  echo.close();
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function dial(): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

async function echoed(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [bytes] = (await once(socket, "data")) as [Buffer];
  return bytes.toString();
}

describe("a link", () => {
  test("passes bytes and the end of a stream on", async () => {
    const socket = await dial();
    expect(await echoed(socket, "hello")).toBe("hello");
    socket.end("bye");
    let rest = "";
    for await (const chunk of socket) rest += (chunk as Buffer).toString();
    expect(rest).toBe("bye");
  });

  test("holds back what is sent while it is cut, and delivers it once it is mended", async () => {
    const socket = await dial();
    await echoed(socket, "before");
    rule = { isCut: true, delayMs: 0 };
    const answer = echoed(socket, "during");
    expect(await Promise.race([answer, delay(100, "nothing")])).toBe("nothing");
    rule = { isCut: false, delayMs: 0 };
    proxy.changed();
    expect(await answer).toBe("during");
  });

  test("takes its time in each direction, in order", async () => {
    const socket = await dial();
    rule = { isCut: false, delayMs: 60 };
    const startedAt = performance.now();
    expect(await echoed(socket, "a")).toBe("a");
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(119);
  });

  test("carries more than it holds", async () => {
    const socket = await dial();
    const bytes = Buffer.alloc(3 * heldBytesMax, 7);
    rule = { isCut: false, delayMs: 5 };
    socket.end(bytes);
    let count = 0;
    for await (const chunk of socket) count += (chunk as Buffer).length;
    expect(count).toBe(bytes.length);
  });

  test("turns away who is no node of the devnet", async () => {
    const script = `const s = require("node:net").connect(${port}, "127.0.0.1"); s.on("close", () => process.exit(7)); s.on("error", () => {}); s.resume();`;
    const stranger = spawn(process.execPath, ["-e", script], { stdio: "ignore" });
    children.push(stranger);
    const [code] = (await once(stranger, "exit")) as [number];
    expect(code).toBe(7);
  });
});

test("a connection is found by both its ports", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BC0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1
   1: 0100007F:A000 0100007F:0BC0 01 00000000:00000000 00:00000000 00000000     0        0 22 1
   2: 0100007F:0BC0 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0        0 33 1`;
  expect(connectedInode(table, { from: 0xa000, to: 0x0bc0 })).toBe("22");
  expect(connectedInode(table, { from: 0xa001, to: 0x0bc0 })).toBeUndefined();
});
