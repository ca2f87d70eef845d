/**
 * The program of a spawner: starts git for a node whose own memory would make every spawn() slow.
 *
 * It holds no state worth keeping. It lives exactly as long as its channel to the node: when the node dies, by whatever
 * signal, it kills every process group it started and exits. Interrupts from a terminal are the node's business.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import type { SpawnerReport, SpawnerRequest, StartRequest } from "./spawner-protocol.ts";

const children = new Map<number, ChildProcess>();
const killedBeforeStart = new Set<number>();
const starting = new Set<number>();
let socketPath = "";
let baseEnvironment: Readonly<Record<string, string>> = {};

function report(message: SpawnerReport): void {
  // A node that ends meanwhile needs no report: `disconnect` follows.
  if (process.connected) process.send?.(message, () => undefined);
}

/**
 * Connects to the node and presents the ticket. Paused from the start: not one byte that is meant for git may be read
 * here.
 */
function connectBack(ticket: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath, allowHalfOpen: true });
    socket.pause();
    socket.once("error", reject);
    socket.once("connect", () => socket.write(ticket, (error) => (error ? reject(error) : resolve(socket))));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}

async function start(request: StartRequest): Promise<void> {
  const tickets = [request.stdoutTicket, request.stderrTicket];
  if (request.stdinTicket !== undefined) tickets.push(request.stdinTicket);
  const sockets = await Promise.all(tickets.map(connectBack));
  try {
    if (killedBeforeStart.has(request.job)) {
      report({ type: "failed", job: request.job, message: "killed before it started" });
      return;
    }
    launch(request, sockets);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

function launch(request: StartRequest, [stdout, stderr, stdin]: readonly Socket[]): void {
  const { job } = request;
  const child = spawn(request.file, request.args, {
    cwd: request.cwd,
    env: { ...baseEnvironment, ...request.environment },
    detached: true,
    stdio: [stdin ?? "ignore", stdout, stderr],
  });
  child.once("error", (error) => {
    if (child.pid === undefined) report({ type: "failed", job, message: error.message });
  });
  if (child.pid === undefined) return;
  children.set(job, child);
  report({ type: "started", job, pid: child.pid });
  child.once("exit", (code, signal) => {
    children.delete(job);
    killGroup(child); // Whatever it left behind must not outlive it.
    report({ type: "exited", job, code, signal });
  });
}

function kill(job: number): void {
  const child = children.get(job);
  if (child !== undefined) killGroup(child);
  else if (starting.has(job)) killedBeforeStart.add(job);
}

function onStart(request: StartRequest): void {
  starting.add(request.job);
  start(request)
    .catch((error: unknown) => report({ type: "failed", job: request.job, message: String(error) }))
    .finally(() => {
      starting.delete(request.job);
      killedBeforeStart.delete(request.job);
    });
}

process.on("message", (message: SpawnerRequest) => {
  switch (message.type) {
    case "configure":
      ({ socketPath, environment: baseEnvironment } = message);
      break;
    case "start":
      onStart(message);
      break;
    case "kill":
      kill(message.job);
      break;
  }
});

process.on("disconnect", () => {
  for (const child of children.values()) killGroup(child);
  if (socketPath !== "") rmSync(dirname(socketPath), { recursive: true, force: true }); // A killed node leaves it.
  process.exit(0);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
