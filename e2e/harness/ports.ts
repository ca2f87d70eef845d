import { createServer } from "node:net";

/**
 * The first of a thousand ports that test networks use; another when somebody else's tests run beside. Below 32768, from where on
 * Linux lends ports to outgoing connections.
 */
const firstPort = Number(process.env["GUTS_TEST_FIRST_PORT"] ?? 21_000);
const portsPerNode = 10;
/** Half of the ports are for networks of one node, half for larger ones of up to ten nodes. */
const portsPerHalf = 500;
const nodeCountMax = 10;

/**
 * A base port from which nobody uses the ports of so many nodes, tried in random order.
 *
 * Test files run in two processes at once; each takes only the networks of its own parity, so they cannot race for one.
 */
export async function findBasePort(nodeCount = 1): Promise<number> {
  if (nodeCount > nodeCountMax) throw new RangeError(`no room for a network of ${nodeCount} nodes`);
  const [first, size] =
    nodeCount === 1 ? [firstPort, portsPerNode] : [firstPort + portsPerHalf, portsPerNode * nodeCountMax];
  const networkCount = portsPerHalf / size;
  const worker = Number(process.env["VITEST_POOL_ID"] ?? process.pid) % 2;
  const start = Math.floor(Math.random() * networkCount);
  for (let step = 0; step < networkCount; step++) {
    const network = (start + step) % networkCount;
    const port = first + network * size;
    if (network % 2 === worker && (await areFree(portsOf(port, nodeCount)))) return port;
  }
  throw new Error(`no free port from ${first} to ${first + portsPerHalf - 1}`);
}

/** What the nodes of a network listen on. The system may have lent any of them to somebody's connection for a moment. */
function portsOf(basePort: number, nodeCount: number): readonly number[] {
  const offsets = [0, 2, 3, 4, 5, 6];
  return Array.from({ length: nodeCount }, (_, index) => index).flatMap((index) =>
    offsets.map((offset) => basePort + portsPerNode * index + offset),
  );
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isPortFree(port))) return false;
  return true;
}

/** Whether nothing listens on a loopback port. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
