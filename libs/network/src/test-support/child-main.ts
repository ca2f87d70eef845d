import { networkLimits } from "../limits.ts";
import { openNetworkWithin } from "../open-network.ts";
import type { ChildMessage, ChildOptions } from "./child.ts";
import { idOf, networkIdOf, seedOf } from "./nodes.ts";

const { name, port, peers, admits, flood } = JSON.parse(process.argv[2] ?? "") as ChildOptions;
const admitted = new Set(admits.map((other) => idOf(other)));
const tell = (message: ChildMessage) => process.send!(message);

const network = await openNetworkWithin(
  {
    seed: seedOf(name),
    networkId: networkIdOf("test"),
    listen: { host: "127.0.0.1", port: port ?? 0 },
    peers: peers ?? [],
    roleOf: (nodeId) => (admitted.has(nodeId) ? "validator" : undefined),
  },
  networkLimits,
  AbortSignal.timeout(20_000),
);
network.onFrame(1, 1024 * 1024, () => {});
network.onPeers(({ nodeId, isConnected }) => {
  if (isConnected) tell({ kind: "connected", nodeId });
});
if (flood !== undefined) {
  const frame = new Uint8Array(flood.bytes);
  const send = () => {
    for (const { nodeId } of network.peers()) for (let sent = 0; sent < 512 && network.send(nodeId, 1, frame); sent++);
    setImmediate(send);
  };
  send();
}
process.once("disconnect", () => process.exit(0));
tell({ kind: "open", address: network.addresses[0] ?? "" });
