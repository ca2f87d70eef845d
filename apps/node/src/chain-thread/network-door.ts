/** Lets the main thread ask other nodes, and answer them, through the libp2p of the chain thread. */
import type { Network } from "@guts/network";
import type { ThreadPort } from "../thread-port/thread-port.ts";
import type { MainSide, ServedProtocol, ThreadSide } from "./contract.ts";
import { pullPieces, StreamPulls } from "./stream-pulls.ts";

/** Forwards in both directions. `network` resolves when it is open. */
export function openNetworkDoor(main: ThreadPort<ThreadSide, MainSide>, network: Promise<Network>): void {
  const streams = new StreamPulls();
  main.serve("request", async ({ to, protocol, body, responseBytesMax }, signal) =>
    (await network).request(to, protocol, body, { signal, responseBytesMax }),
  );
  main.serve("openStream", async ({ to, protocol, body }) => {
    const opened = await network;
    return streams.open((signal) => opened.openStream(to, protocol, body, { signal }));
  });
  main.serve("pullStream", (number) => streams.pull(number));
  main.hear("closeStream", (number) => streams.close(number));
  main.serve("provide", async (key, signal) => (await network).provide(key, signal));
  main.serve("findProviders", async (key, signal) => Array.fromAsync((await network).findProviders(key, signal)));
  main.hear("serveProtocol", (served) => void network.then((opened) => serveProtocol(main, opened, served)));
}

function serveProtocol(
  main: ThreadPort<ThreadSide, MainSide>,
  network: Network,
  { protocol, type, options }: ServedProtocol,
): void {
  if (type === "request") {
    network.onRequest(protocol, options, (from, body, signal) => main.call("answer", { from, protocol, body }, signal));
    return;
  }
  network.onStream(protocol, options, (from, body) =>
    pullPieces({
      open: () => main.call("openStream", { from, protocol, body }),
      pull: (number) => main.call("pullStream", number),
      close: (number) => main.notify("closeStream", number),
    }),
  );
}
