import { createServer } from "node:net";

/** Ports that test networks use: ten for a node, so a hundred networks of one node. */
const firstPort = 42_000;
const networkCount = 100;
const portsPerNode = 10;

/**
 * A base port that nobody uses: every tenth port from 42000, tried in random order.
 *
 * Test files run in two processes at once; each takes only the networks of its own parity, so they cannot race for one.
 */
export async function findBasePort(): Promise<number> {
  const worker = Number(process.env["VITEST_POOL_ID"] ?? process.pid) % 2;
  const start = Math.floor(Math.random() * networkCount);
  for (let step = 0; step < networkCount; step++) {
    const network = (start + step) % networkCount;
    const port = firstPort + network * portsPerNode;
    if (network % 2 === worker && (await isPortFree(port))) return port;
  }
  throw new Error(`no free port from ${firstPort} to ${firstPort + networkCount * portsPerNode - 1}`);
}

/** Whether nothing listens on a loopback port. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
