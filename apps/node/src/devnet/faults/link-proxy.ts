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

interface Link {
  readonly sockets: readonly Socket[];
  readonly pipes: readonly SlowPipe[];
}

/** Passes connections on to a node, each by the rule of its link. */
export class LinkProxy implements AsyncDisposable {
  readonly #options: LinkProxyOptions;
  readonly #server: Server;
  readonly #links = new Set<Link>();

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
    for (const { pipes } of this.#links) for (const pipe of pipes) pipe.changed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { sockets } of this.#links) for (const socket of sockets) socket.destroy();
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
    const sockets = [near, far] as const;
    const link = { sockets, pipes: [new SlowPipe(near, far, rule), new SlowPipe(far, near, rule)] };
    this.#links.add(link);
    far.on("error", () => far.destroy());
    for (const [socket, other] of [sockets, sockets.toReversed() as [Socket, Socket]]) {
      // A side that broke takes the other with it; one that said its last leaves it to hear what is on the way.
      socket.on("close", (isBroken) => {
        if (isBroken) other.destroy();
        if (other.closed) this.#links.delete(link);
      });
    }
  }
}
