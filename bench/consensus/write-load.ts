/** Clients who write to a network by REST, each to its own repository, one write after the other. */
import { setTimeout as delay } from "node:timers/promises";
import type { Devnet } from "../../e2e/harness/devnet.ts";
import { treeCpuMs } from "../process-tree.ts";

/** What one load did. */
export interface WriteNumbers {
  readonly latenciesMs: readonly number[];
  readonly seconds: number;
  /** CPU of all nodes together, their read models included, in milliseconds. */
  readonly cpuMs: number;
  readonly blockCount: number;
  /** When it ran, by the monotonic clock, in milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A client: an account at one node, with a repository of its own. */
interface Client {
  readonly baseUrl: string;
  readonly login: string;
  readonly token: string;
  readonly repository: string;
}

/** How long rows may lag behind the last answer. */
const settleMsMax = 10_000;

/** Writes for so many seconds with so many clients, spread over the nodes; resolves when every node's lists show the last write. */
export async function writeFor(devnet: Devnet, concurrency: number, seconds: number): Promise<WriteNumbers> {
  const clients = await Promise.all(Array.from({ length: concurrency }, (_, index) => openClient(devnet, index)));
  const pids = devnet.ready.nodes.map(({ pid }) => pid);
  const heightBefore = await heightOf(devnet);
  const cpuBefore = treeCpuMs(pids);
  const fromMs = performance.now();
  const perClient = await Promise.all(clients.map((client) => write(client, fromMs + seconds * 1_000)));
  const toMs = performance.now();
  await untilListed(devnet, clients, perClient);
  return {
    latenciesMs: perClient.flat(),
    seconds: (toMs - fromMs) / 1_000,
    cpuMs: treeCpuMs(pids) - cpuBefore,
    blockCount: (await heightOf(devnet)) - heightBefore,
    fromMs: onMachineClock(fromMs),
    toMs: onMachineClock(toMs),
  };
}

/** A few accounts write what many would: the network's administrator, who is the first demo account, gives each a wide budget. */
export async function raiseBudgets({ ready, node }: Devnet): Promise<void> {
  const many = 1_000_000_000;
  const amounts = { transactions: many, bytes: many, accounts: 0, repositories: many };
  const { token } = ready.accounts[0]!;
  for (const { login } of ready.accounts)
    await call({ baseUrl: node.httpUrl, token }, "PUT", `/api/guts/accounts/${login}/budget`, {
      rule: { capacity: amounts, refillPerMinute: amounts },
    });
}

async function openClient({ ready }: Devnet, index: number): Promise<Client> {
  const { login, token } = ready.accounts[index % ready.accounts.length]!;
  const baseUrl = ready.nodes[index % ready.nodes.length]!.httpUrl;
  const repository = `bench-${Date.now()}-${index}`;
  const client = { baseUrl, login, token, repository };
  await call(client, "POST", "/api/v3/user/repos", { name: repository });
  return client;
}

/** Edits the description until the time is over; the milliseconds of each edit. */
async function write(client: Client, untilMs: number): Promise<readonly number[]> {
  const latencies: number[] = [];
  while (performance.now() < untilMs) {
    const started = performance.now();
    const path = `/api/v3/repos/${client.login}/${client.repository}`;
    await call(client, "PATCH", path, { description: `written ${latencies.length + 1} times` });
    latencies.push(performance.now() - started);
  }
  return latencies;
}

/** Lists come from the read model, which may lag behind answers. */
async function untilListed(
  { ready }: Devnet,
  clients: readonly Client[],
  writes: readonly (readonly number[])[],
): Promise<void> {
  const last = new Map(clients.map(({ repository }, index) => [repository, `written ${writes[index]!.length} times`]));
  const deadline = performance.now() + settleMsMax;
  for (const { httpUrl: baseUrl } of ready.nodes) {
    for (const { token, login } of ready.accounts) {
      const expected = clients.filter((client) => client.login === login).map(({ repository }) => repository);
      while (!(await isListed({ baseUrl, token }, expected, last))) {
        if (performance.now() > deadline) throw new Error(`${baseUrl} does not list the last writes`);
        await delay(100);
      }
    }
  }
}

async function isListed(
  at: Pick<Client, "baseUrl" | "token">,
  expected: readonly string[],
  last: ReadonlyMap<string, string>,
): Promise<boolean> {
  if (expected.length === 0) return true;
  const listed = (await call(at, "GET", "/api/v3/user/repos?per_page=100&sort=created&direction=desc")) as readonly {
    readonly name: string;
    readonly description: string;
  }[];
  const descriptions = new Map(listed.map(({ name, description }) => [name, description]));
  return expected.every((name) => descriptions.get(name) === last.get(name));
}

async function heightOf({ node }: Devnet): Promise<number> {
  const { height } = (await call({ baseUrl: node.httpUrl }, "GET", "/api/guts/network")) as { readonly height: number };
  return height;
}

async function call(
  { baseUrl, token }: { readonly baseUrl: string; readonly token?: string },
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} at ${baseUrl} gave ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** The machine's monotonic clock at a moment of this process' own. */
function onMachineClock(ownMs: number): number {
  return Number(process.hrtime.bigint()) / 1e6 - performance.now() + ownMs;
}
