/**
 * What a push certificate says, and that a transaction is no more and no less than that (formats-v1, "Push certificates").
 *
 * The certificate's text is all that the pusher signed. So everything that takes effect is derived from it: network,
 * repository and life from the nonce, the path and the pusher's time; the idempotency key from the text itself, whatever
 * wraps it; refs and options line by line. A node that passes it on adds the storage receipt and nothing of its own.
 */
import {
  digestOf,
  parseHandle,
  parsePushCertificate,
  parseRepositoryName,
  parseTimeMs,
  toHex,
  utf8,
  type Digest,
  type Handle,
  type Height,
  type RepositoryId,
  type RepositoryName,
  type TimeMs,
} from "@guts/primitives";
import type { ForgeState } from "./forge-state.ts";
import { pushCertificateLeadMsMax, pushCertificateLifeMs, transactionLifeBlocksMax } from "./limits.ts";
import { parsePushNonce, type PushNonce } from "./push-nonce.ts";
import type { AnyCertifiedUpdate } from "./receipt.ts";
import { idempotencyKeyLength } from "./tables.ts";
import type { TransactionBody } from "./transaction.ts";

/** Where a push went, as its pusher's git wrote it. */
export interface Pushee {
  /** With its port, if it has one. A name of the pusher's own (ssh_config) is possible. */
  readonly host: string;
  readonly owner: Handle;
  readonly name: RepositoryName;
}

/** A push certificate taken apart. */
export interface PushMandate {
  readonly nonce: PushNonce;
  readonly pushee: Pushee;
  /** When it was signed, by the pusher's clock. */
  readonly time: TimeMs;
  readonly pushOptions: readonly string[];
  /** `OLD NEW REF`, in order. */
  readonly commands: readonly string[];
}

/** The parts of a transaction's body that follow from the certificate alone. */
export type PushTerms = Pick<TransactionBody, "idempotencyKey" | "expiresTime" | "expiresHeight">;

/** What a certificate is asked to authorize. */
export interface MandatedPush {
  readonly repository: RepositoryId;
  readonly isAtomic: boolean;
  readonly updates: readonly AnyCertifiedUpdate[];
  readonly pushOptions: readonly string[];
}

/** Why a certificate does not authorize a push. */
export type MandateRefusal = "push-certificate-elsewhere" | "push-certificate-mismatch";

/** Reads a certificate's text; undefined when it lacks a time, a place or a nonce that a node of this version gave. */
export function readPushMandate(text: string): PushMandate | undefined {
  const parsed = parsePushCertificate(text);
  const time = parsed && parsePusherTime(parsed.pusher);
  const pushee = parsed?.pushee === undefined ? undefined : parsePushee(parsed.pushee);
  const nonce = parsed?.nonce === undefined ? undefined : parsePushNonce(parsed.nonce);
  if (parsed === undefined || time === undefined || pushee === undefined || nonce === undefined) return undefined;
  return { nonce, pushee, time, pushOptions: parsed.pushOptions, commands: parsed.commands };
}

/** The replay key and the life of a push. */
export function pushTerms(text: string, { nonce, time }: Pick<PushMandate, "nonce" | "time">): PushTerms {
  return {
    idempotencyKey: digestOf("pushCertificate", utf8(text)).subarray(0, idempotencyKeyLength),
    expiresTime: (time + pushCertificateLifeMs) as TimeMs,
    expiresHeight: (nonce.height + transactionLifeBlocksMax) as Height,
  };
}

/** Why a push of this life may not stand in a block here, or undefined. Its life begins with the pusher's clock. */
export function refusePushLife(
  { expiresTime, expiresHeight }: Pick<PushTerms, "expiresTime" | "expiresHeight">,
  { time, height }: { readonly time: TimeMs; readonly height: Height },
): "expired" | "lives-too-long" | undefined {
  if (expiresTime < time || expiresHeight < height) return "expired";
  const livesTooLong =
    expiresTime > time + pushCertificateLifeMs + pushCertificateLeadMsMax ||
    expiresHeight > height + transactionLifeBlocksMax;
  return livesTooLong ? "lives-too-long" : undefined;
}

/** Why the certificate does not authorize exactly this push on this network, or undefined when it does. */
export function refuseMandate(
  forge: ForgeState,
  networkId: Digest,
  mandate: PushMandate,
  push: MandatedPush,
): MandateRefusal | undefined {
  const { nonce, pushee } = mandate;
  const isHere = nonce.network === toHex(networkId) && nonce.repository === push.repository;
  if (!isHere || repositoryAt(forge, pushee) !== push.repository) return "push-certificate-elsewhere";
  const commands = push.updates.map(({ oldId, newId, name }) => `${oldId} ${newId} ${name}`);
  // All refs or none: nobody between the pusher and the chain may choose among them.
  const isSame =
    push.isAtomic && isSameList(commands, mandate.commands) && isSameList(push.pushOptions, mandate.pushOptions);
  return isSame ? undefined : "push-certificate-mismatch";
}

/** The place in a URL, or in the short form of SSH, whose path is OWNER/REPOSITORY; undefined for any other. */
export function parsePushee(url: string): Pushee | undefined {
  const [, host, path] =
    /^(?:https?|ssh|ssh\+git|git\+ssh):\/\/(?:[^/@]*@)?([^/@]+)\/(.*)$/.exec(url) ??
    /^(?:[^/:@]*@)?([^/:@]+):(?!\/\/)(.*)$/.exec(url) ??
    [];
  const [, ownerText, nameText] = /^\/*([^/]+)\/([^/]+?)(?:\.git)?\/*$/.exec(path ?? "") ?? [];
  const owner = parseHandle(ownerText ?? "");
  const name = parseRepositoryName(nameText ?? "");
  return host === undefined || owner === undefined || name === undefined ? undefined : { host, owner, name };
}

/** `IDENT SECONDS TIMEZONE`, as git ends every line that says who did something when. */
function parsePusherTime(pusher: string): TimeMs | undefined {
  const [, seconds] = / ([0-9]{1,12}) [+-][0-9]{4}$/.exec(pusher) ?? [];
  return seconds === undefined ? undefined : parseTimeMs(1_000 * Number(seconds));
}

/** The repository that is, or was, called so; names of others lead nowhere else. */
function repositoryAt(forge: ForgeState, { owner, name }: Pushee): RepositoryId | undefined {
  const account = forge.findAccount(owner)?.found;
  return account && forge.findRepository(account.id, name)?.found.id;
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index]);
}
