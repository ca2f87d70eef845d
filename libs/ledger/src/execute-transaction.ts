/**
 * What one transaction does to the state.
 *
 * Three verdicts. *Inadmissible*: it may not stand in a block (malformed, expired, repeated, no live authority, no
 * budget). *Rejected*: it stands in the block, is paid for and changes nothing else. *Applied*. The same function decides
 * early at a door, on an overlay that is thrown away, and with authority when a block is executed.
 */
import {
  decode,
  DecodeError,
  encode,
  EncodeError,
  equalBytes,
  utf8,
  type AccountId,
  type Digest,
  type Height,
  type NodeId,
  type TimeMs,
} from "@guts/primitives";
import { chargeBudget, refuseAuthority, refuseCredential, type Authority, type BudgetAmounts } from "@guts/governance";
import { appendEvent, type LedgerEvent } from "./event.ts";
import { ForgeState } from "./forge-state.ts";
import { workOf, type ActContext, type ActOutcome, type AnyKindOutcome } from "./kind.ts";
import { findKind, kindOf, type AnyKind, type KindName, type LedgerCommand, type PayloadOf } from "./kinds/index.ts";
import {
  blockWorkMax,
  payloadBytesMax,
  rulesVersion,
  transactionLifeBlocksMax,
  transactionLifeMsMax,
} from "./limits.ts";
import { nextNumber } from "./numbering.ts";
import {
  pushTerms,
  readPushMandate,
  refuseMandate,
  refusePushLife,
  type MandateRefusal,
  type PushTerms,
} from "./push-certificate.ts";
import type { RejectionCode } from "./rejection.ts";
import { Overlay } from "./state.ts";
import { readRow, writeRow } from "./table.ts";
import * as tables from "./tables.ts";
import { commandDigest, pushCertificateOf, transactionId, type Authorization, type Envelope } from "./transaction.ts";

/** Where in the chain a transaction is executed. */
export interface BlockPosition {
  readonly networkId: Digest;
  readonly height: Height;
  readonly time: TimeMs;
}

/** Why a transaction may not stand in a block. */
export type InadmissibleCode =
  | "wrong-network"
  | "wrong-rules"
  | "unknown-kind"
  | "malformed-payload"
  | "too-much-work"
  | "expired"
  | "lives-too-long"
  | "already-applied"
  | "key-reused"
  | "push-certificate-malformed"
  | MandateRefusal
  | "node-not-admitted"
  | "account-not-active"
  | "account-suspended"
  | "key-not-live"
  | "credential-not-live"
  | "credential-expired"
  | "credential-wrong-node"
  | "delegation-missing"
  | "account-budget-spent"
  | "node-budget-spent";

/** The verdict on an envelope. */
export type TransactionOutcome =
  | { readonly outcome: "inadmissible"; readonly code: InadmissibleCode }
  | { readonly outcome: "rejected"; readonly code: RejectionCode }
  | { readonly outcome: "applied"; readonly event: LedgerEvent };

/** Who acts, for `decideCommand`: found from a session, a token or a signature before anything is signed for the ledger. */
export interface Actor {
  readonly account: AccountId;
  readonly authorization: Authorization;
  readonly admittedBy: NodeId;
}

/**
 * Executes an envelope whose signatures have been verified.
 *
 * An inadmissible transaction leaves `state` as it was; a rejected one leaves the charge and the idempotency record.
 */
export function executeTransaction(
  state: Overlay,
  envelope: Envelope,
  position: BlockPosition & { readonly index: number },
): TransactionOutcome {
  const opened = openEnvelope(state, envelope, position);
  if (opened.outcome === "inadmissible") return opened;
  const { context, kind, name, payload } = opened;
  const length = envelope.body.payload.length + authorizedLength(envelope.authorization);
  const charge = chargeFor(context, costOf(kind, payload, length));
  if (charge !== undefined) return inadmissible(charge);
  remember(state, envelope, position);
  const trial = new Overlay(state);
  const verdict = act(withState(context, trial), kind, payload);
  if (verdict.outcome === "rejected") return verdict;
  trial.applyTo(state);
  const event: LedgerEvent = {
    sequence: nextNumber(state, "event"),
    height: position.height,
    index: position.index,
    transactionId: transactionId(envelope.body),
    time: position.time,
    actor: verdict.scope.type === "account" && context.actor === 0 ? (verdict.scope.id as AccountId) : context.actor,
    kind: name,
    scope: verdict.scope,
    payload: envelope.body.payload,
    result: encode(kind.result, verdict.result),
  };
  appendEvent(state, event, kind.tag);
  return { outcome: "applied", event };
}

/** What the command would do in a block at `position`: the early answer, on a state that is thrown away. */
export function decideCommand(
  state: Overlay,
  command: LedgerCommand,
  actor: Actor,
  position: BlockPosition,
): ActOutcome<unknown> | InadmissibleOutcome {
  const kind = kindOf(command.kind);
  const payload = encodePayload(kind, command.payload);
  if (payload === undefined) return inadmissible("malformed-payload");
  if (workOf(kind, payload.value) > blockWorkMax) return inadmissible("too-much-work");
  const mandate = openMandate(new ForgeState(state), actor, { kind, payload: payload.value }, position);
  if (mandate.outcome === "inadmissible") return mandate;
  const lifeRefusal = mandate.terms && refusePushLife(mandate.terms, position);
  if (lifeRefusal !== undefined) return inadmissible(lifeRefusal);
  const authority = resolveAuthority(new ForgeState(state), actor, position);
  if (authority.outcome === "inadmissible") return authority;
  const context = contextOf(state, actor, { position, ...authority });
  const length = payload.length + authorizedLength(actor.authorization);
  const charge = chargeFor(context, costOf(kind, payload.value, length));
  return charge === undefined ? act(context, kind, payload.value) : inadmissible(charge);
}

/** The payload as a block would hold it, so that nothing is decided about values that no bytes stand for. */
function encodePayload(
  kind: AnyKind,
  payload: unknown,
): { readonly value: unknown; readonly length: number } | undefined {
  try {
    const bytes = encode(kind.payload, payload);
    if (bytes.length > payloadBytesMax) return undefined;
    return { value: decode(kind.payload, bytes), length: bytes.length };
  } catch (error) {
    if (error instanceof EncodeError || error instanceof DecodeError) return undefined;
    throw error;
  }
}

interface InadmissibleOutcome {
  readonly outcome: "inadmissible";
  readonly code: InadmissibleCode;
}

function inadmissible(code: InadmissibleCode): InadmissibleOutcome {
  return { outcome: "inadmissible", code };
}

type Opened = {
  readonly outcome: "open";
  readonly context: ActContext;
  readonly kind: AnyKind;
  readonly name: KindName;
  readonly payload: unknown;
};

/** Everything that makes a transaction inadmissible except its price. */
function openEnvelope(state: Overlay, envelope: Envelope, position: BlockPosition): Opened | InadmissibleOutcome {
  const { body, authorization, admission } = envelope;
  if (!equalBytes(body.networkId, position.networkId)) return inadmissible("wrong-network");
  if (body.rulesVersion !== rulesVersion) return inadmissible("wrong-rules");
  const found = findKind(body.kind);
  if (found === undefined) return inadmissible("unknown-kind");
  const lifeRefusal = refuseLife(envelope, position);
  if (lifeRefusal !== undefined) return inadmissible(lifeRefusal);
  const earlier = readRow(state, tables.idempotencyTable, { account: body.account, key: body.idempotencyKey });
  if (earlier !== undefined)
    return inadmissible(equalBytes(earlier.command, commandDigest(body)) ? "already-applied" : "key-reused");
  const payload = decodePayload(found.kind, body.payload);
  if (payload === undefined) return inadmissible("malformed-payload");
  if (workOf(found.kind, payload.value) > blockWorkMax) return inadmissible("too-much-work");
  const actor: Actor = { account: body.account as AccountId, authorization, admittedBy: admission.node };
  const mandate = openMandate(new ForgeState(state), actor, { kind: found.kind, payload: payload.value }, position);
  if (mandate.outcome === "inadmissible") return mandate;
  if (mandate.terms !== undefined && !hasTerms(body, mandate.terms)) return inadmissible("push-certificate-mismatch");
  const authority = resolveAuthority(new ForgeState(state), actor, position);
  if (authority.outcome === "inadmissible") return authority;
  return {
    outcome: "open",
    context: contextOf(state, actor, { position, ...authority }),
    ...found,
    payload: payload.value,
  };
}

function decodePayload(kind: AnyKind, bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: decode(kind.payload, bytes) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

type OpenedMandate = { readonly outcome: "open"; readonly terms: PushTerms | undefined };

/** What a push certificate says the transaction must be, when one authorizes it: that push and no other. */
function openMandate(
  forge: ForgeState,
  { authorization }: Actor,
  { kind, payload }: { readonly kind: AnyKind; readonly payload: unknown },
  { networkId }: BlockPosition,
): OpenedMandate | InadmissibleOutcome {
  const certificate = pushCertificateOf(authorization);
  if (certificate === undefined) return { outcome: "open", terms: undefined };
  const mandate = readPushMandate(certificate.text);
  if (mandate === undefined) return inadmissible("push-certificate-malformed");
  if (kind !== kindOf("refs.change")) return inadmissible("push-certificate-mismatch");
  const refusal = refuseMandate(forge, networkId, mandate, payload as PayloadOf<"refs.change">);
  return refusal === undefined
    ? { outcome: "open", terms: pushTerms(certificate.text, mandate) }
    : inadmissible(refusal);
}

function hasTerms(body: Envelope["body"], terms: PushTerms): boolean {
  return (
    equalBytes(body.idempotencyKey, terms.idempotencyKey) &&
    body.expiresTime === terms.expiresTime &&
    body.expiresHeight === terms.expiresHeight
  );
}

/** Whether the life of a transaction is over or goes beyond what is allowed. */
function refuseLife(
  { body, authorization }: Envelope,
  position: BlockPosition,
): "expired" | "lives-too-long" | undefined {
  if (pushCertificateOf(authorization) !== undefined) return refusePushLife(body, position);
  const { time, height } = position;
  if (body.expiresTime < time || body.expiresHeight < height) return "expired";
  const livesTooLong =
    body.expiresTime > time + transactionLifeMsMax || body.expiresHeight > height + transactionLifeBlocksMax;
  return livesTooLong ? "lives-too-long" : undefined;
}

type ResolvedAuthority = { readonly outcome: "live"; readonly authority: Authority };

/** Whether the authorization is live here and now, and what it may do. Sign-ups act for no account yet, by their root key. */
function resolveAuthority(
  forge: ForgeState,
  actor: Actor,
  { time, height }: BlockPosition,
): ResolvedAuthority | InadmissibleOutcome {
  const { account, authorization, admittedBy } = actor;
  if (!forge.isAdmitted(admittedBy, height)) return inadmissible("node-not-admitted");
  if (account === 0) {
    return authorization.type === "key"
      ? { outcome: "live", authority: { type: "key", role: "root" } }
      : inadmissible("key-not-live");
  }
  if (forge.account(account)?.status !== "active") return inadmissible("account-not-active");
  if (forge.suspension(account) !== undefined) return inadmissible("account-suspended");
  if (authorization.type === "key") {
    const owner = forge.keyOwner(authorization.publicKey);
    const isLive =
      owner?.account === account && (owner.key.revokedHeight === undefined || owner.key.revokedHeight > height);
    return isLive
      ? { outcome: "live", authority: { type: "key", role: owner.key.role } }
      : inadmissible("key-not-live");
  }
  if (authorization.type === "delegation") {
    return forge.isDelegated(account, admittedBy)
      ? { outcome: "live", authority: { type: "delegation" } }
      : inadmissible("delegation-missing");
  }
  if (authorization.type === "push-certificate") {
    const signer = forge.pushSigner(account, authorization.publicKey, { time, height });
    return signer === undefined
      ? inadmissible("key-not-live")
      : { outcome: "live", authority: { type: "push-certificate", signer } };
  }
  // A key that authorizes pushes by itself does so, or a node could hang its signature on a credential that may do less.
  if (authorization.type === "countersigned" && !isCountersigner(forge, actor.account, authorization, { time, height }))
    return inadmissible("key-not-live");
  const credential = forge.credential(authorization.credential);
  if (credential?.account !== account) return inadmissible("credential-not-live");
  const refusal = refuseCredential(credential, admittedBy, time);
  if (refusal !== undefined) return inadmissible(refusal);
  if (credential.kind === "voucher") return { outcome: "live", authority: { type: "voucher" } };
  return { outcome: "live", authority: { type: "credential", scopes: forge.powers(credential) } };
}

function isCountersigner(
  forge: ForgeState,
  account: AccountId,
  { certificate: { publicKey } }: Extract<Authorization, { type: "countersigned" }>,
  at: Pick<BlockPosition, "time" | "height">,
): boolean {
  return forge.pushSigner(account, publicKey, at) === undefined && forge.isCountersigner(account, publicKey);
}

function contextOf(
  state: Overlay,
  actor: Actor,
  at: { readonly position: BlockPosition; readonly authority: Authority },
): ActContext {
  const forge = new ForgeState(state);
  const { authorization } = actor;
  return {
    state,
    forge,
    networkId: at.position.networkId,
    height: at.position.height,
    time: at.position.time,
    actor: actor.account,
    authority: at.authority,
    signedBy: authorization.type === "key" ? authorization.publicKey : undefined,
    credential: "credential" in authorization ? authorization.credential : undefined,
    admittedBy: actor.admittedBy,
  };
}

function withState(context: ActContext, state: Overlay): ActContext {
  return { ...context, state, forge: new ForgeState(state) };
}

/** Asks whether this authority suffices, lets the kind decide and write, and records whose the texts are. */
function act(context: ActContext, kind: AnyKind, payload: unknown): AnyKindOutcome {
  const isSignUp = kind === kindOf("account.create");
  if (isSignUp !== (context.actor === 0)) return { outcome: "rejected", code: "account-unknown" };
  const refusal = refuseAuthority(context.authority, kind.authority);
  if (refusal !== undefined) return { outcome: "rejected", code: refusal };
  const verdict = kind.apply(context, payload);
  if (verdict.outcome === "rejected") return verdict;
  const scope = kind.scope(context, payload, verdict.result);
  for (const { ref } of kind.contents?.(payload) ?? []) {
    if (readRow(context.state, tables.contentTable, ref.digest) !== undefined)
      return { outcome: "rejected", code: "content-taken" };
    const repository = scope.type === "repository" ? (scope.id as never) : undefined;
    writeRow(context.state, tables.contentTable, ref.digest, {
      account: context.actor,
      repository,
      redaction: undefined,
    });
  }
  return { ...verdict, scope };
}

/** Bytes that an authorization adds to the payload's: what makes a push certificate long is the pusher's. */
function authorizedLength(authorization: Authorization): number {
  return utf8(pushCertificateOf(authorization)?.text ?? "").length;
}

/** What a transaction uses up: itself, its payload with the texts that it refers to, and what its kind makes. */
function costOf(kind: AnyKind, payload: unknown, payloadLength: number): BudgetAmounts {
  const texts = kind.contents?.(payload) ?? [];
  const bytes = texts.reduce((sum, { ref }) => sum + ref.length, payloadLength);
  return { transactions: 1, bytes, accounts: 0, repositories: 0, ...kind.cost?.(payload) };
}

/** Charges the admitting node, and the account once there is one; nothing when either cannot pay. */
function chargeFor(context: ActContext, whole: BudgetAmounts): InadmissibleCode | undefined {
  const { state, forge, actor, admittedBy, time } = context;
  const nodeLeft = chargeBudget(forge.nodeBudget(admittedBy, time), whole);
  if (nodeLeft === undefined) return "node-budget-spent";
  if (actor !== 0) {
    const accountLeft = chargeBudget(forge.accountBudget(actor, time), whole);
    if (accountLeft === undefined) return "account-budget-spent";
    writeRow(state, tables.accountBudgetTable, actor, accountLeft);
  }
  writeRow(state, tables.nodeBudgetTable, admittedBy, nodeLeft);
  return undefined;
}

/** Keeps the idempotency key until the transaction could no longer be applied anyway. */
function remember(state: Overlay, { body }: Envelope, { height }: BlockPosition): void {
  const key = { account: body.account, key: body.idempotencyKey };
  const { expiresTime } = body;
  const row = { transaction: transactionId(body), command: commandDigest(body), height, expiresTime };
  writeRow(state, tables.idempotencyTable, key, row);
  const subject = encode(tables.idempotencyTable.key, key);
  writeRow(state, tables.expiryTable, { time: expiresTime, kind: "idempotency", subject }, {});
}
