import { GutsError } from "@guts/primitives";

/** What can stop an operator's command; each has words that say what to do next. */
export type NodeErrorCode =
  | "config-invalid"
  | "data-directory-foreign"
  | "data-directory-incomplete"
  | "data-directory-newer"
  | "data-directory-in-use"
  | "genesis-invalid"
  | "genesis-mismatch"
  | "node-unreachable"
  | "port-busy"
  | "node-did-not-start"
  | "chain-thread-ended"
  | "demo-accounts-failed"
  | "usage";

/** A failure that an operator can act on: its message is shown as it is, without a stack. */
export class NodeError extends GutsError<NodeErrorCode, undefined> {
  constructor(code: NodeErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, undefined, options);
  }
}
