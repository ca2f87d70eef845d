/**
 * Messages between the node and a spawner process, over Node's IPC channel.
 *
 * Control goes here; bytes do not. For each stream of a git process the node makes a one-time ticket, the spawner
 * connects to the node's socket, writes the ticket as the first bytes, and hands the connection to git as its stdio.
 */

/** Characters of a ticket: 16 random bytes in hexadecimal. */
export const ticketLength = 32;

/** Starts one process in its own process group. */
export interface StartRequest {
  readonly type: "start";
  readonly job: number;
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the environment of the configuration. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Absent: the process reads nothing. */
  readonly stdinTicket?: string;
  readonly stdoutTicket: string;
  readonly stderrTicket: string;
}

/** What the node asks of a spawner. */
export type SpawnerRequest =
  | {
      readonly type: "configure";
      readonly socketPath: string;
      readonly environment: Readonly<Record<string, string>>;
    }
  | StartRequest
  | { readonly type: "kill"; readonly job: number };

/** What a spawner tells the node. Every start is answered by `failed`, or by `started` and later `exited`. */
export type SpawnerReport =
  | { readonly type: "started"; readonly job: number; readonly pid: number }
  | { readonly type: "failed"; readonly job: number; readonly message: string }
  | { readonly type: "exited"; readonly job: number; readonly code: number | null; readonly signal: string | null };
