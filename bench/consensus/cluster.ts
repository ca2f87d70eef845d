/** Validators as processes of this machine, with a distance between them. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { openDelayProxy } from "./delay-proxy.ts";
import type { Answer, Command, Load, Report, ValidatorConfig } from "./validator-messages.ts";

/** Where and how large. */
export interface ClusterOptions {
  readonly validatorCount: number;
  /** One-way delay between any two of them, in milliseconds; 0 is none and no proxy. */
  readonly delayMs: number;
  /** The first of so many ports as there are validators. */
  readonly firstPort: number;
  /** Journals and block logs are kept below it. */
  readonly folder: string;
}

/** A running cluster: every validator is connected with every other one, and votes. */
export class Cluster implements AsyncDisposable {
  readonly #children: readonly ChildProcess[];
  readonly #proxies: AsyncDisposableStack;

  private constructor(children: readonly ChildProcess[], proxies: AsyncDisposableStack) {
    this.#children = children;
    this.#proxies = proxies;
  }

  /** Starts the processes. */
  static async start({ validatorCount, delayMs, firstPort, folder }: ClusterOptions): Promise<Cluster> {
    await using proxies = new AsyncDisposableStack();
    const indices = Array.from({ length: validatorCount }, (_, index) => index);
    const genesisTime = Date.now();
    const configs: ValidatorConfig[] = [];
    for (const index of indices) {
      const port = firstPort + index;
      const reachedPort = delayMs === 0 ? port : proxies.use(await openDelayProxy(port, delayMs)).port;
      configs.push({ index, validatorCount, genesisTime, port, reachedPort, folder: join(folder, String(index)) });
    }
    const children = indices.map(() => fork(join(import.meta.dirname, "validator.ts"), { stdio: "inherit" }));
    const cluster = new Cluster(children, proxies.move());
    const opened = await cluster.#all((index) => ({ type: "open", config: configs[index]! }), "open");
    const addresses = opened.flatMap((answer) => (answer.type === "open" ? [answer.address] : []));
    await cluster.#all(() => ({ type: "connect", addresses }), "connected");
    return cluster;
  }

  /** Runs one load at every validator at once; what each of them saw. */
  async run(load: Load): Promise<readonly Report[]> {
    await this.#all(() => ({ type: "prepare", load }), "prepared");
    const done = await this.#all(() => ({ type: "run" }), "done");
    const height = Math.max(...done.map((answer) => (answer.type === "done" ? answer.height : 0)));
    const answers = await this.#all(() => ({ type: "report", height }), "report");
    return answers.flatMap((answer) => (answer.type === "report" ? [answer.report] : []));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#all(() => ({ type: "close" }), "closed");
    await this.#proxies[Symbol.asyncDispose]();
  }

  /** Tells every validator and waits for the answer of each. */
  #all(commandOf: (index: number) => Command, type: Answer["type"]): Promise<readonly Answer[]> {
    return Promise.all(this.#children.map((child, index) => tell(child, commandOf(index), type)));
  }
}

async function tell(child: ChildProcess, command: Command, type: Answer["type"]): Promise<Answer> {
  const gone = new AbortController();
  const ended = once(child, "exit", { signal: gone.signal }).then(([code]) => {
    throw new Error(`a validator ended with ${String(code)}`);
  });
  child.send(command);
  const [answer] = (await Promise.race([once(child, "message"), ended])) as [Answer];
  gone.abort();
  ended.catch(() => {});
  if (answer.type !== type) throw new Error(`a validator answered ${answer.type} instead of ${type}`);
  return answer;
}
