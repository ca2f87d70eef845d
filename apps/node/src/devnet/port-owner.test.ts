import { once } from "node:events";
import { createServer } from "node:net";

import { expect, test } from "vitest";

import { findPortOwner, isPortFree, listeningInodes } from "./port-owner.ts";

test("finds that a port is taken, and by this very process", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };

  expect(await isPortFree("127.0.0.1", port)).toBe(false);
  if (process.platform === "linux") expect(findPortOwner(port)?.pid).toBe(process.pid);

  server.close();
  await once(server, "close");
  expect(await isPortFree("127.0.0.1", port)).toBe(true);
  expect(findPortOwner(port)).toBeUndefined();
});

test("counts only sockets that listen, on exactly that port", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1",
    "   1: 0100007F:0BB8 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 222 1",
    "   2: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1",
  ].join("\n");
  expect(listeningInodes(table, 3000)).toEqual(["111"]);
});
