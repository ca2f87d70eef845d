import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

import { SlowPipe, type PipeRule } from "./slow-pipe.ts";

/** A port through which the others reach one node. */
export interface LinkProxyOptions {
  readonly port: number;
  /** Where the node itself listens. */
  readonly targetPort: number;
  /** Which node has dialled, from its socket's port; undefined for a stranger, who is turned away. */
  readonly nodeOf: (remotePort: number) => string | undefined;
  /** The rule between that node and this proxy's. */
  readonly ruleOf: (dialler: string) => PipeRule;
}

/** Connections that one proxy carries at once. */
const connectionsMax = 1_024;

/** Passes connections on to a node, each by the rule of its link. */
export class LinkProxy implements AsyncDisposable {
  readonly #options: LinkProxyOptions;
  readonly #server: Server;
  readonly #pipesBySocket = new Map<Socket, readonly SlowPipe[]>();

  private constructor(options: LinkProxyOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#pass(socket));
    this.#server.maxConnections = connectionsMax;
  }

  /** Starts to listen. Throws what `listen(2)` says. */
  static async open(options: LinkProxyOptions): Promise<LinkProxy> {
    const proxy = new LinkProxy(options);
    proxy.#server.listen({ host: "127.0.0.1", port: options.port });
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** Some rules changed: what was held back may go. */
  changed(): void {
    for (const pipes of this.#pipesBySocket.values()) for (const pipe of pipes) pipe.changed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#pipesBySocket.keys()) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #pass(near: Socket): void {
    near.on("error", () => near.destroy());
    const dialler = this.#options.nodeOf(near.remotePort ?? 0);
    if (dialler === undefined) {
      near.destroy();
      return;
    }
    const far = connect({ host: "127.0.0.1", port: this.#options.targetPort, allowHalfOpen: true, noDelay: true });
    const rule = () => this.#options.ruleOf(dialler);
    this.#pipesBySocket.set(near, [new SlowPipe(near, far, rule), new SlowPipe(far, near, rule)]);
    far.on("error", () => far.destroy());
    near.on("close", () => {
      this.#pipesBySocket.delete(near);
      far.destroy();
    });
    far.on("close", () => near.destroy());
  }
}
