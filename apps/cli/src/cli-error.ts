import { GutsError } from "@guts/primitives";
import { exitCodes, type ExitCode } from "./exit-code.ts";

/**
 * Why a command could not do what it was asked.
 *
 * `usage`: the command line is wrong. `authentication-needed`: no token, or one that the node does not accept.
 * `refused`: the node said no. `not-found`: no such thing, or none that the account may see. `unreachable`: no
 * answer from the node; worth a retry. `outcome-unknown`: sent, but its outcome is not known yet. `git-failed`:
 * git could not answer a question. `reported`: what went wrong is on the terminal already. `file`: a local file cannot be read or written.
 * `cancelled`: the person stopped at a prompt. `unexpected`: the node answered what this version does not understand.
 */
export type CliErrorCode =
  | "usage"
  | "authentication-needed"
  | "refused"
  | "not-found"
  | "unreachable"
  | "outcome-unknown"
  | "git-failed"
  | "reported"
  | "file"
  | "cancelled"
  | "unexpected";

/** What goes with the message: a second line that says what to do next, and the exit code where it is not the code's own. */
export interface CliErrorDetail {
  readonly hint?: string | undefined;
  readonly exitCode?: ExitCode | undefined;
}

/** A failure that a person reads: one line of what happened and, where there is one, a line of what to do next. */
export class CliError extends GutsError<CliErrorCode, CliErrorDetail> {
  constructor(code: CliErrorCode, message: string, detail: CliErrorDetail & { cause?: unknown } = {}) {
    const { cause, ...data } = detail;
    super(code, message, data, cause === undefined ? undefined : { cause });
  }

  /** The exit code that this failure stands for. */
  get exitCode(): ExitCode {
    return this.data.exitCode ?? exitCodeOf[this.code];
  }
}

const exitCodeOf: Readonly<Record<CliErrorCode, ExitCode>> = {
  usage: exitCodes.usage,
  "authentication-needed": exitCodes.authenticationNeeded,
  refused: exitCodes.failure,
  "not-found": exitCodes.failure,
  unreachable: exitCodes.failure,
  "outcome-unknown": exitCodes.failure,
  "git-failed": exitCodes.failure,
  reported: exitCodes.failure,
  file: exitCodes.failure,
  cancelled: exitCodes.interrupted,
  unexpected: exitCodes.failure,
};

/** A wrong command line, with what to run instead. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError("usage", message, { hint });
}
