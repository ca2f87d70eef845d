/**
 * The network against node:tls: `node bench/network/run.ts [--rounds N] [--trips N] [--mebibytes N]`.
 *
 * Two processes on loopback; cases run interleaved, round by round, and medians are compared. CPU is that of both
 * processes and the number to trust on a busy machine. Needs openssl for the certificate of the TLS server.
 */
import { execFileSync, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { parseArgs } from "node:util";

import { openNetwork, type Network } from "@guts/network";
import type { NodeId } from "@guts/primitives";

import { benchNetwork, type PeerMessage } from "./common.ts";

/** One way to do the same. `run` makes `trips` round trips or takes that many bytes. */
interface Case {
  readonly name: string;
  readonly kind: "round trip" | "bulk";
  readonly run: () => Promise<void>;
}

interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    trips: { type: "string", default: "300" },
    mebibytes: { type: "string", default: "32" },
  },
});
const rounds = Number(flags.rounds);
const trips = Number(flags.trips);
const bulkBytes = Number(flags.mebibytes) * 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), "guts-bench-network-"));
const [certificate, key] = makeCertificate();
const network = await openNetwork(benchNetwork("dialler", []), AbortSignal.timeout(20_000));
const peer = fork(join(import.meta.dirname, "peer.ts"), [certificate, key, network.addresses[0]!], { execArgv: [] });
const connected = new Promise((resolve) => network.onPeers(resolve));
const ready = await answerOf(peer, "ready");
await connected;
const samples = new Map<string, Sample[]>();
const cases = [...tlsCases(ready.port), ...networkCases(network, ready.nodeId)];
for (let round = -1; round < rounds; round++)
  for (const one of cases) {
    const sample = await measure(one);
    if (round >= 0) samples.set(one.name, [...(samples.get(one.name) ?? []), sample]);
  }
report();
peer.disconnect();
await network[Symbol.asyncDispose]();
rmSync(folder, { recursive: true });

function tlsCases(port: number): readonly Case[] {
  return [
    { name: "node:tls echo", kind: "round trip", run: async () => withSocket(port, echoOverTls) },
    { name: "node:tls bulk", kind: "bulk", run: async () => withSocket(port, bulkOverTls) },
  ];
}

function networkCases(from: Network, to: NodeId): readonly Case[] {
  let onEcho: () => void = () => {};
  from.onFrame(1, 1024 * 1024, () => onEcho());
  const body = new Uint8Array(256);
  const signal = AbortSignal.timeout(600_000);
  const send = async () => {
    for (let trip = 0; trip < trips; trip++) {
      const { promise, resolve } = Promise.withResolvers<void>();
      onEcho = resolve;
      from.send(to, 1, body);
      await promise;
    }
  };
  const request = async () => {
    for (let trip = 0; trip < trips; trip++) await from.request(to, "echo", body, { signal, responseBytesMax: 256 });
  };
  const stream = async () => {
    let left = bulkBytes;
    for await (const chunk of from.openStream(to, "bulk", u32(bulkBytes), { signal })) left -= chunk.length;
    if (left !== 0) throw new Error("bytes are missing");
  };
  return [
    { name: "send", kind: "round trip", run: send },
    { name: "request", kind: "round trip", run: request },
    { name: "openStream", kind: "bulk", run: stream },
  ];
}

async function withSocket(port: number, use: (socket: TLSSocket) => Promise<void>): Promise<void> {
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  socket.setNoDelay(true);
  await use(socket);
  socket.destroy();
}

async function echoOverTls(socket: TLSSocket): Promise<void> {
  const body = new Uint8Array(256);
  socket.write(u32(0));
  // The mode and the first echo must not arrive as one.
  await new Promise(setImmediate);
  for (let trip = 0; trip < trips; trip++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    let received = 0;
    const onData = (data: Buffer) => {
      received += data.length;
      if (received === body.length) resolve();
    };
    socket.on("data", onData);
    socket.write(body);
    await promise;
    socket.off("data", onData);
  }
}

async function bulkOverTls(socket: TLSSocket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = bulkBytes;
  socket.on("data", (data: Buffer) => {
    left -= data.length;
    if (left === 0) resolve();
  });
  socket.write(u32(bulkBytes));
  await promise;
}

async function measure({ run }: Case): Promise<Sample> {
  const cpuBefore = await cpuMs();
  const before = performance.now();
  await run();
  const wallMs = performance.now() - before;
  return { wallMs, cpuMs: (await cpuMs()) - cpuBefore };
}

async function cpuMs(): Promise<number> {
  const { user, system } = process.cpuUsage();
  const answer = answerOf(peer, "cpu");
  peer.send("cpu");
  return (user + system + (await answer).microseconds) / 1000;
}

async function answerOf<Kind extends PeerMessage["kind"]>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<PeerMessage, { readonly kind: Kind }>> {
  for (;;) {
    const [message] = (await once(child, "message")) as [PeerMessage];
    if (message.kind === kind) return message as Extract<PeerMessage, { readonly kind: Kind }>;
  }
}

function report(): void {
  console.log(`${rounds} rounds of ${trips} round trips of 256 bytes, or ${flags.mebibytes} MiB; medians\n`);
  console.log(["case".padEnd(16), "wall", "CPU", "ratio of CPU to node:tls"].join("\t"));
  for (const { name, kind } of cases) {
    const wall = median(samples.get(name)!.map(({ wallMs }) => wallMs));
    const cpu = median(samples.get(name)!.map(({ cpuMs }) => cpuMs));
    const base = median(samples.get(kind === "bulk" ? "node:tls bulk" : "node:tls echo")!.map(({ cpuMs }) => cpuMs));
    const [speed, cost] =
      kind === "bulk"
        ? [
            `${(bulkBytes / 1048.576 / wall).toFixed(0)} MiB/s`,
            `${((cpu * 1.073741824e6) / bulkBytes).toFixed(1)} s/GiB`,
          ]
        : [`${((wall * 1000) / trips).toFixed(0)} us`, `${((cpu * 1000) / trips).toFixed(0)} us`];
    console.log([name.padEnd(16), speed, cost, (cpu / base).toFixed(1)].join("\t"));
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function makeCertificate(): readonly [certificate: string, key: string] {
  const [certificate, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subject = ["-subj", "/CN=bench", "-days", "1", "-nodes", "-keyout", key, "-out", certificate];
  const algorithm = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  execFileSync("openssl", ["req", "-x509", ...algorithm, ...subject], { stdio: "ignore" });
  return [certificate, key];
}
