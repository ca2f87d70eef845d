/** What goes into a core and what comes out of it. */
import type { Digest } from "@guts/primitives";
import type { Certificate } from "@guts/verifier";
import type { Evidence } from "../evidence.ts";
import type { JournalRecord } from "../journal-record.ts";
import type { Message } from "../messages.ts";
import type { Behind, FinalizedBlock, Misbehaviour, Peer, Proposal, Standing } from "../ports.ts";

/** Something that happened. Time passes with every step, also one without inputs. */
export type Input =
  | { readonly type: "message"; readonly from: Peer; readonly message: Message }
  | { readonly type: "malformed"; readonly from: Peer }
  | { readonly type: "pending"; readonly hasWork: boolean }
  | { readonly type: "connection"; readonly peer: Peer; readonly isConnected: boolean }
  | { readonly type: "finalized"; readonly finalized: FinalizedBlock };

/** Something to do, in this order; records first, and durable before anything else is done. */
export type Effect =
  | { readonly type: "record"; readonly record: JournalRecord }
  | { readonly type: "send"; readonly to: Peer; readonly message: Message }
  | { readonly type: "broadcast"; readonly message: Message }
  | { readonly type: "commit"; readonly proposal: Proposal; readonly certificate: Certificate }
  | { readonly type: "discard"; readonly hash: Digest }
  | { readonly type: "behind"; readonly behind: Behind }
  | { readonly type: "evidence"; readonly evidence: Evidence }
  | { readonly type: "misbehaviour"; readonly from: Peer; readonly reason: Misbehaviour }
  | { readonly type: "diverged"; readonly hash: Digest; readonly height: number; readonly code: string }
  | { readonly type: "standing"; readonly standing: Standing };
