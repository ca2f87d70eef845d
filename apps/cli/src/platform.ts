import type { Readable, Writable } from "node:stream";
import type { Prompts } from "./terminal/prompts.ts";

/** A stream that a command writes text to, and what is known about its reader. */
export interface Output {
  readonly isTerminal: boolean;
  /** Width in characters; 80 where it is not known. */
  readonly columns: number;
  write(text: string | Uint8Array): void;
}

/** Everything of the process and the machine that commands may touch; tests give their own. */
export interface Platform {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The person's home directory. */
  readonly home: string;
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether a person can be asked: standard input and standard error are terminals. */
  readonly isInteractive: boolean;
  /** The arguments that start this program again, absolute paths first; git runs it as credential helper. */
  readonly selfCommand: readonly string[];
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
  /** Opens the prompts, which are loaded at first use only. */
  readonly openPrompts: () => Promise<Prompts>;
  /** Opens `url` in the person's browser. */
  readonly openBrowser: (url: string) => Promise<void>;
  /** Where children that take over the terminal (git) read and write; absent where a test captures them. */
  readonly childOutput?: { readonly stdout: Writable; readonly stderr: Writable };
}
