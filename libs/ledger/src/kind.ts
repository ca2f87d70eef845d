/** What a kind of transaction is: the frame that every file in `kinds/` fills. */
import {
  assertNever,
  type AccountId,
  type Codec,
  type Digest,
  type Height,
  type ImageFormat,
  type NodeId,
  type PublicKey,
  type RepositoryId,
  type TimeMs,
} from "@guts/primitives";
import {
  sshKeyPowers,
  type Authority,
  type AuthorityRule,
  type BudgetAmounts,
  type CredentialPowers,
} from "@guts/governance";
import type { ContentRef } from "./content.ts";
import type { ForgeState } from "./forge-state.ts";
import { transactionWork } from "./limits.ts";
import type { RejectionCode } from "./rejection.ts";
import type { Overlay } from "./state.ts";
import type { EventScope } from "./tables.ts";

/** Who acts, when and where. */
export interface ActContext {
  readonly state: Overlay;
  readonly forge: ForgeState;
  readonly networkId: Digest;
  readonly height: Height;
  readonly time: TimeMs;
  /** The account that acts; 0 when the transaction is to create it. */
  readonly actor: AccountId;
  readonly authority: Authority;
  /** The key that signed, when one did. */
  readonly signedBy: PublicKey | undefined;
  /** The credential that authorizes, when one does. */
  readonly credential: Digest | undefined;
  readonly admittedBy: NodeId;
}

/** The verdict on a transaction that could be admitted. */
export type ActOutcome<Result> =
  | { readonly outcome: "applied"; readonly result: Result }
  | { readonly outcome: "rejected"; readonly code: RejectionCode };

/** The verdict with the log that an applied transaction joins. */
export type AnyKindOutcome =
  | { readonly outcome: "applied"; readonly result: unknown; readonly scope: EventScope }
  | { readonly outcome: "rejected"; readonly code: RejectionCode };

/** One kind of transaction: its place in the format, its rule, its effect. */
export interface TransactionKind<Payload, Result> {
  /** The number in the envelope. Never reused. */
  readonly tag: number;
  readonly payload: Codec<Payload>;
  readonly result: Codec<Result>;
  readonly authority: AuthorityRule;
  /** Detached texts that the payload commits to, with the most bytes each may have. */
  readonly contents?: (payload: Payload) => readonly BoundedContentRef[];
  /** What it costs beside one transaction and its bytes. */
  readonly cost?: (payload: Payload) => Partial<BudgetAmounts>;
  /** The most work it can be beside `transactionWork`, in units of `blockWorkMax`; absent for a few rows. */
  readonly work?: (payload: Payload) => number;
  /** What of `work` an applied transaction turned out not to need. */
  readonly spared?: (payload: Payload) => number;
  /** Whose event log the applied transaction joins. */
  readonly scope: (context: ActContext, payload: Payload, result: Result) => EventScope;
  /** Decides and, when it is allowed, writes. A rejection's writes are discarded by the caller. */
  readonly apply: (context: ActContext, payload: Payload) => ActOutcome<Result>;
}

/** A text, or a picture, that a payload refers to. */
export interface BoundedContentRef {
  readonly ref: ContentRef;
  readonly bytesMax: number;
  /** What it must be, if it is no text but a picture. */
  readonly format?: ImageFormat;
}

/** Narrows the literal types of a kind's definition. */
export function defineKind<Payload, Result>(kind: TransactionKind<Payload, Result>): TransactionKind<Payload, Result> {
  return kind;
}

/** The most work that a transaction of this kind and payload can be. */
export function workOf<Payload>(kind: Pick<TransactionKind<Payload, unknown>, "work">, payload: Payload): number {
  return transactionWork + (kind.work?.(payload) ?? 0);
}

/** The verdict that applies. */
export function applied<Result>(result: Result): { readonly outcome: "applied"; readonly result: Result } {
  return { outcome: "applied", result };
}

/** The verdict that changes nothing. */
export function rejected(code: RejectionCode): { readonly outcome: "rejected"; readonly code: RejectionCode } {
  return { outcome: "rejected", code };
}

/** What bounds an authority; a personal key has no bound, a push certificate is bounded as an SSH key is. */
export function scopesOf(authority: Authority): CredentialPowers | undefined {
  switch (authority.type) {
    case "key":
      return undefined;
    case "credential":
      return authority.scopes;
    case "push-certificate":
      return sshKeyPowers;
    case "delegation":
    case "voucher":
      return 0;
    default:
      return assertNever(authority);
  }
}

/** The event log of the acting account. */
export function actorScope(context: ActContext): EventScope {
  return { type: "account", id: context.actor };
}

/** The event log of a repository. */
export function repositoryScope(repository: RepositoryId): EventScope {
  return { type: "repository", id: repository };
}

/** Text references that are there, each bounded by `bytesMax`. */
export function boundedRefs(refs: readonly (ContentRef | undefined)[], bytesMax: number): readonly BoundedContentRef[] {
  return refs.flatMap((ref) => (ref === undefined ? [] : [{ ref, bytesMax }]));
}
