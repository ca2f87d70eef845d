import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { spawnerConnectTimeoutMs } from "../limits.ts";
import { ticketLength } from "./spawner-protocol.ts";

/** The address of a unix socket has 107 bytes at most; what we append has 23. */
const socketDirectoryLengthMax = 80;

/** A place that one connection will fill. */
export interface ExpectedConnection {
  readonly ticket: string;
  readonly connected: Promise<Socket>;
  /** No longer wanted: closes the connection, now or when it comes. */
  abandon(): void;
}

/** The node's side of git's stdio: a unix socket in a directory that only this user enters. */
export class StdioServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #directory: string;
  readonly #expected = new Map<string, (socket: Socket) => void>();
  readonly #unclaimed = new Set<Socket>();
  readonly path: string;

  private constructor(directory: string) {
    this.#directory = directory;
    this.path = join(directory, "stdio");
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#onConnection(socket));
  }

  /** Listens in a fresh directory with mode 0700. */
  static async open(): Promise<StdioServer> {
    const parent = tmpdir().length > socketDirectoryLengthMax ? "/tmp" : tmpdir();
    const server = new StdioServer(await mkdtemp(join(parent, "guts-git-")));
    server.#server.listen(server.path);
    await once(server.#server, "listening");
    return server;
  }

  /** Makes a ticket for one connection. */
  expect(): ExpectedConnection {
    const ticket = randomBytes(ticketLength / 2).toString("hex");
    const { promise, resolve } = Promise.withResolvers<Socket>();
    let isAbandoned = false;
    this.#expected.set(ticket, (socket) => {
      if (isAbandoned) socket.destroy();
      else resolve(socket);
    });
    const abandon = (): void => {
      isAbandoned = true;
      this.#expected.delete(ticket);
      void promise.then((socket) => socket.destroy());
    };
    return { ticket, connected: promise, abandon };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#unclaimed) socket.destroy();
    const closed = once(this.#server, "close");
    this.#server.close();
    await closed;
    await rm(this.#directory, { recursive: true, force: true });
  }

  #onConnection(socket: Socket): void {
    this.#unclaimed.add(socket);
    socket.setTimeout(spawnerConnectTimeoutMs, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#unclaimed.delete(socket));
    socket.on("readable", this.#onReadable.bind(this, socket));
  }

  /** Takes exactly the ticket; what follows it is git's and stays in the stream. */
  #onReadable(socket: Socket): void {
    if (!this.#unclaimed.has(socket)) return;
    const ticket = socket.read(ticketLength) as Buffer | null;
    if (ticket === null) return;
    this.#unclaimed.delete(socket);
    socket.setTimeout(0);
    socket.removeAllListeners("readable");
    const key = ticket.toString("latin1");
    const claim = this.#expected.get(key);
    this.#expected.delete(key);
    if (claim === undefined) socket.destroy();
    else claim(socket);
  }
}
