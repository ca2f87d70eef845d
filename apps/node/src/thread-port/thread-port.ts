/**
 * Calls and notices between two threads of a node, typed by a contract of both directions.
 *
 * A call is answered once; aborting its signal tells the other side. Order is kept. Nothing here knows what is called.
 */
/** A side's calls: what each takes and answers. */
export type CallContract = Readonly<Record<string, { readonly takes: unknown; readonly gives: unknown }>>;
/** A side's notices: what each tells. */
export type NoticeContract = Readonly<Record<string, unknown>>;

/** What one side may ask and tell the other. */
export interface SideContract {
  readonly calls: CallContract;
  readonly notices: NoticeContract;
}

/** A failure on the other side, with its code if it had one. */
export class RemoteFailure extends Error {
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(message);
    this.name = "RemoteFailure";
    this.code = code;
  }
}

type Message =
  | { readonly type: "call"; readonly ticket: number; readonly name: string; readonly value: unknown }
  | { readonly type: "abort"; readonly ticket: number }
  | { readonly type: "answer"; readonly ticket: number; readonly value: unknown }
  | { readonly type: "failure"; readonly ticket: number; readonly message: string; readonly code: string | undefined }
  | { readonly type: "notice"; readonly name: string; readonly value: unknown };

type Handler = (value: never, signal: AbortSignal) => unknown;
type Listener = (value: never) => void;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (failure: unknown) => void;
}

/** What carries messages: a `MessagePort` or a `Worker`. */
export interface Carrier {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: Message) => void): unknown;
}

/** One side of a pair of threads: `Ours` is what this side asks and tells, `Theirs` what the other does. */
export class ThreadPort<Ours extends SideContract, Theirs extends SideContract> {
  readonly #carrier: Carrier;
  readonly #handlers = new Map<string, Handler>();
  readonly #listeners = new Map<string, Listener>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #serving = new Map<number, AbortController>();
  #ticket = 0;
  #failure: Error | undefined;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
    carrier.on("message", (message: Message) => this.#take(message));
  }

  /** Answers one of their calls. */
  serve<Name extends keyof Theirs["calls"] & string>(
    name: Name,
    handler: (
      value: Theirs["calls"][Name]["takes"],
      signal: AbortSignal,
    ) => Theirs["calls"][Name]["gives"] | Promise<Theirs["calls"][Name]["gives"]>,
  ): void {
    this.#handlers.set(name, handler);
  }

  /** Hears one of their notices. */
  hear<Name extends keyof Theirs["notices"] & string>(
    name: Name,
    listener: (value: Theirs["notices"][Name]) => void,
  ): void {
    this.#listeners.set(name, listener);
  }

  /** Calls the other side. Throws {@link RemoteFailure}, or the signal's reason. */
  async call<Name extends keyof Ours["calls"] & string>(
    name: Name,
    value: Ours["calls"][Name]["takes"],
    signal?: AbortSignal,
  ): Promise<Ours["calls"][Name]["gives"]> {
    signal?.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    const ticket = ++this.#ticket;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(ticket, { resolve, reject });
    const onAbort = (): void => {
      this.#post({ type: "abort", ticket });
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#post({ type: "call", ticket, name, value });
    try {
      return await promise;
    } finally {
      this.#waiting.delete(ticket);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Tells the other side. */
  notify<Name extends keyof Ours["notices"] & string>(name: Name, value: Ours["notices"][Name]): void {
    this.#post({ type: "notice", name, value });
  }

  /** The other side is gone: whatever waits for it fails. */
  fail(failure: Error): void {
    this.#failure = failure;
    for (const { reject } of this.#waiting.values()) reject(failure);
    for (const controller of this.#serving.values()) controller.abort(failure);
  }

  #post(message: Message): void {
    if (this.#failure === undefined) this.#carrier.postMessage(message);
  }

  #take(message: Message): void {
    switch (message.type) {
      case "call":
        void this.#answer(message.ticket, message.name, message.value);
        return;
      case "abort":
        this.#serving.get(message.ticket)?.abort(new Error("the caller gave up"));
        return;
      case "answer":
        this.#waiting.get(message.ticket)?.resolve(message.value);
        return;
      case "failure":
        this.#waiting.get(message.ticket)?.reject(new RemoteFailure(message.message, message.code));
        return;
      case "notice":
        this.#listeners.get(message.name)?.(message.value as never);
    }
  }

  async #answer(ticket: number, name: string, value: unknown): Promise<void> {
    const controller = new AbortController();
    this.#serving.set(ticket, controller);
    try {
      const handler = this.#handlers.get(name);
      if (handler === undefined) throw new TypeError(`nobody serves ${name}`);
      this.#post({ type: "answer", ticket, value: await handler(value as never, controller.signal) });
    } catch (error) {
      const { message, code } = error as { readonly message: string; readonly code?: unknown };
      this.#post({ type: "failure", ticket, message, code: typeof code === "string" ? code : undefined });
    } finally {
      this.#serving.delete(ticket);
    }
  }
}
