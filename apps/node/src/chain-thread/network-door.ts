/** Lets the main thread ask other nodes, and answer them, through the libp2p of the chain thread. */
import type { Network } from "@guts/network";
import type { NodeId } from "@guts/primitives";
import type { ThreadPort } from "../thread-port/thread-port.ts";
import type { MainSide, ServedProtocol, ThreadSide } from "./contract.ts";
import { pullPieces, StreamPulls } from "./stream-pulls.ts";

/**
 * Forwards what the main thread asks, once `network` is open. The answer is the list of protocols that the main thread answers,
 * which grows until the network opens.
 */
export function openNetworkDoor(
  main: ThreadPort<ThreadSide, MainSide>,
  network: Promise<Network>,
): readonly ServedProtocol[] {
  const streams = new StreamPulls();
  const served: ServedProtocol[] = [];
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
  main.hear("serveProtocol", (protocol) => served.push(protocol));
  return served;
}

/** Lets other nodes ask the main thread. */
export function serveProtocols(
  main: ThreadPort<ThreadSide, MainSide>,
  network: Pick<Network, "onRequest" | "onStream">,
  served: readonly ServedProtocol[],
): void {
  for (const { protocol, type, options } of served) {
    if (type === "request") {
      const answer = (from: NodeId, body: Uint8Array, signal: AbortSignal): Promise<Uint8Array> =>
        main.call("answer", { from, protocol, body }, signal);
      network.onRequest(protocol, options, answer);
      continue;
    }
    network.onStream(protocol, options, (from, body) =>
      pullPieces({
        open: () => main.call("openStream", { from, protocol, body }),
        pull: (number) => main.call("pullStream", number),
        close: (number) => main.notify("closeStream", number),
      }),
    );
  }
}
