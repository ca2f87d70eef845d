/**
 * The main thread's side of the chain thread: starts it, reads beside it, and hands its blocks to what follows them.
 */
import { Worker } from "node:worker_threads";
import { genesisCodec, type Genesis } from "@guts/ledger";
import { encode, type Digest, type Height, type NodeId } from "@guts/primitives";
import type { NodeLink, RequestLimits } from "@guts/transfer";
import { ChainView } from "../chain/chain-view.ts";
import type {
  ChainThreadData,
  ChainThreadStatus,
  FinalBlock,
  IncomingRequest,
  MainSide,
  SubmitReceipt,
  ThreadSide,
} from "../chain-thread/contract.ts";
import { pullPieces, StreamPulls } from "../chain-thread/stream-pulls.ts";
import type { NamedContents } from "@guts/ledger";
import { NodeError } from "../node-error.ts";
import { ThreadPort } from "../thread-port/thread-port.ts";

/** What the host tells. */
export interface ChainHostOptions {
  readonly data: Omit<ChainThreadData, "genesis">;
  readonly genesis: Genesis;
  readonly log: (level: "debug" | "info" | "warn" | "error", fields: object, message: string) => void;
  /** The thread has failed: the node must stop. */
  readonly onFailure: (failure: unknown) => void;
}

type RequestHandler = Parameters<NodeLink["onRequest"]>[2];
type StreamHandler = Parameters<NodeLink["onStream"]>[2];

/** Who may ask the main thread: every admitted node, a validator or not. */
const askingRoles = ["validator", "node"] as const;

/** How long the thread has to close its stores. */
const closeTimeoutMs = 3_000;

/** A running chain thread. */
export class ChainHost implements NodeLink, AsyncDisposable {
  /** The chain as of now. */
  readonly chain: ChainView;
  readonly #worker: Worker;
  readonly #port: ThreadPort<MainSide, ThreadSide>;
  readonly #requests = new Map<string, RequestHandler>();
  readonly #streams = new Map<string, StreamHandler>();
  readonly #pulls = new StreamPulls();
  #onApplied: (block: FinalBlock) => void = () => {};
  #onPeersServed: (height: number) => void = () => {};
  #isClosing = false;
  #status: ChainThreadStatus | undefined;

  private constructor(worker: Worker, port: ThreadPort<MainSide, ThreadSide>, chain: ChainView) {
    this.#worker = worker;
    this.#port = port;
    this.chain = chain;
    port.hear("applied", (block) => this.#onApplied(block));
    port.hear("status", (status) => (this.#status = status));
    port.hear("peersServed", (height) => this.#onPeersServed(height));
    port.hear("closeStream", (number) => this.#pulls.close(number));
    port.serve("answer", (request, signal) => this.#answer(request, signal));
    port.serve("openStream", (request) => this.#open(request));
    port.serve("pullStream", (number) => this.#pulls.pull(number));
  }

  /** Starts the thread and waits until its stores are open. */
  static async start({ data, genesis, log, onFailure }: ChainHostOptions): Promise<ChainHost> {
    const workerData: ChainThreadData = { ...data, genesis: encode(genesisCodec, genesis) };
    const worker = new Worker(new URL("../chain-thread/enter.ts", import.meta.url), { workerData });
    const port = new ThreadPort<MainSide, ThreadSide>(worker);
    const { promise: opened, resolve, reject } = Promise.withResolvers<Height>();
    let host: ChainHost | undefined;
    const fail = (failure: Error): void => {
      port.fail(failure);
      reject(failure);
      if (host !== undefined && !host.#isClosing) onFailure(failure);
    };
    port.hear("opened", resolve);
    port.hear("log", ({ level, fields, message }) => log(level, fields, message));
    port.hear("failed", ({ message, stack, code }) => fail(Object.assign(new Error(message), { stack, code })));
    worker.on("error", fail);
    worker.on("exit", () => fail(new NodeError("chain-thread-ended", "The chain thread has ended.")));
    await opened;
    host = new ChainHost(worker, port, ChainView.open(data.directory, genesis));
    return host;
  }

  /** Who is told of blocks that become final from now on, in order, and of what the other validators serve. */
  follow(onApplied: (block: FinalBlock) => void, onPeersServed: (height: number) => void): void {
    this.#onApplied = onApplied;
    this.#onPeersServed = onPeersServed;
  }

  /** Opens consensus. Everything final until now has been projected. */
  begin(): Promise<void> {
    return this.#port.call("begin", undefined);
  }

  submit(raw: Uint8Array, contents: NamedContents): Promise<SubmitReceipt> {
    return this.#port.call("submit", { raw, contents });
  }

  /** A transaction needs no block any more: it is not repeated to the validators. */
  withdraw(id: Digest): void {
    this.#port.notify("withdraw", id);
  }

  /** The doors serve a height. */
  served(height: Height): void {
    this.#port.notify("served", height);
  }

  /** What the thread said last of the network; undefined before consensus has begun. */
  get status(): ChainThreadStatus | undefined {
    return this.#status;
  }

  /** Whether a node is connected and answers nothing, as of the last second. */
  isSilent(nodeId: NodeId): boolean {
    const sight = this.#status?.nodes.find((node) => node.nodeId === nodeId);
    return sight !== undefined && sight.isConnected && !sight.isAnswering;
  }

  /** Sets a note beside the state, durably. */
  setNote(name: string, value: Uint8Array): Promise<void> {
    return this.#port.call("setNote", { name, value });
  }

  /** Sets a note with the next block. */
  deferNote(name: string, value: Uint8Array): void {
    this.#port.notify("deferNote", { name, value });
  }

  request(
    to: NodeId,
    protocol: string,
    body: Uint8Array,
    { signal, responseBytesMax }: { readonly signal: AbortSignal; readonly responseBytesMax: number },
  ): Promise<Uint8Array> {
    return this.#port.call("request", { to, protocol, body, responseBytesMax }, signal);
  }

  onRequest(protocol: string, limits: RequestLimits, handler: RequestHandler): void {
    this.#requests.set(protocol, handler);
    this.#port.notify("serveProtocol", { protocol, type: "request", options: { ...limits, roles: askingRoles } });
  }

  openStream(
    to: NodeId,
    protocol: string,
    body: Uint8Array,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncIterable<Uint8Array> {
    return pullPieces({
      open: () => this.#port.call("openStream", { to, protocol, body }, signal),
      pull: (number) => this.#port.call("pullStream", number, signal),
      close: (number) => this.#port.notify("closeStream", number),
    });
  }

  onStream(protocol: string, limits: RequestLimits, handler: StreamHandler): void {
    this.#streams.set(protocol, handler);
    this.#port.notify("serveProtocol", { protocol, type: "stream", options: { ...limits, roles: askingRoles } });
  }

  /** Announces in the distributed hash table that this node holds what a key names. */
  provide(key: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#port.call("provide", key, signal);
  }

  findProviders(key: Uint8Array, signal: AbortSignal): Promise<readonly NodeId[]> {
    return this.#port.call("findProviders", key, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    try {
      await this.#port.call("close", undefined, AbortSignal.timeout(closeTimeoutMs));
    } catch {
      // What it did not get to do, the next start repairs: the stores survive any stop.
    }
    await this.#worker.terminate();
    this.chain.close();
  }

  #answer({ from, protocol, body }: IncomingRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#requests.get(protocol)!(from, body, signal);
  }

  #open({ from, protocol, body }: IncomingRequest): number {
    return this.#pulls.open((signal) => this.#streams.get(protocol)!(from, body, signal));
  }
}
