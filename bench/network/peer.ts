/** The other side of the comparison: a node and a plain TLS server that both echo, and send as much as is asked for. */
import { readFileSync } from "node:fs";
import { createServer, type TLSSocket } from "node:tls";

import { openNetwork } from "@guts/network";

import { benchNetwork, chunkBytes, type PeerMessage } from "./common.ts";

const [certificate, key, dialler] = process.argv.slice(2);
const network = await openNetwork(benchNetwork("peer", [dialler!]), AbortSignal.timeout(20_000));
network.onFrame(1, 1024 * 1024, (from, frame) => network.send(from, 1, frame));
const options = { requestBytesMax: 1024, concurrencyMax: 4, roles: ["validator"] as const };
network.onRequest("echo", options, async (_from, body) => body);
network.onStream("bulk", options, async function* (_from, body) {
  const chunk = new Uint8Array(chunkBytes);
  for (let left = new DataView(body.buffer, body.byteOffset).getUint32(0); left > 0; left -= chunkBytes) yield chunk;
});

/** A request of four bytes: 0 echoes what follows, a number asks for so many bytes. */
function serve(socket: TLSSocket): void {
  let mode: "new" | "echo" = "new";
  socket.setNoDelay(true);
  socket.on("data", (data: Buffer) => {
    if (mode === "echo") socket.write(data);
    else if (data.readUInt32BE(0) === 0) mode = "echo";
    else void sendBulk(socket, data.readUInt32BE(0));
  });
  socket.on("error", () => socket.destroy());
}

async function sendBulk(socket: TLSSocket, bytes: number): Promise<void> {
  const chunk = new Uint8Array(chunkBytes);
  for (let left = bytes; left > 0; left -= chunkBytes)
    if (!socket.write(chunk)) await new Promise((resolve) => socket.once("drain", resolve));
}

const server = createServer(
  { cert: readFileSync(certificate!), key: readFileSync(key!), minVersion: "TLSv1.3" },
  serve,
);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as { readonly port: number };
  process.send!({ kind: "ready", port, nodeId: network.nodeId } satisfies PeerMessage);
});
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send!({ kind: "cpu", microseconds: user + system } satisfies PeerMessage);
});
process.once("disconnect", () => process.exit(0));
