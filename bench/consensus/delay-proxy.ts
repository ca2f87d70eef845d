/** A TCP proxy before one validator that lets every byte take so long, in either direction: a distance on one machine. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Where the others reach the validator. */
export interface DelayProxy extends Disposable {
  readonly port: number;
}

/** Opens a proxy on a free loopback port of 127.0.0.1 in front of `targetPort`. */
export async function openDelayProxy(targetPort: number, delayMs: number): Promise<DelayProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: "127.0.0.1", port: targetPort, noDelay: true });
    for (const socket of [near, far]) sockets.add(socket);
    carry(near, far, delayMs);
    carry(far, near, delayMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Timers of the same delay fire in the order in which they were set, so the bytes stay in theirs. */
function carry(from: Socket, to: Socket, delayMs: number): void {
  from.on("data", (bytes: Buffer) => setTimeout(() => to.write(bytes), delayMs));
  from.on("error", () => from.destroy());
  from.on("close", () => to.destroy());
}
