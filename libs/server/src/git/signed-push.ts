/**
 * Signed pushes at the door: the nonce that git signs, and what its certificate comes to. All of this is asked again by every
 * validator; asked here first, it costs the pusher no upload, and what is wrong is said in words.
 */
import {
  formatPushNonce,
  isNonceOf,
  ledgerLimits,
  pushTerms,
  readPushMandate,
  refuseMandate,
  refusePushLife,
  verifyPushCertificate,
  gitNamespace,
  type PushCertificate,
  type PushMandate,
} from "@guts/ledger";
import { fromByteString, toByteString, type PushCertificate as WireCertificate } from "@guts/git";
import type { PushSigner } from "@guts/governance";
import { fromUtf8, parseSshSignature, sshBlobOf, type Height, type RepositoryId, type TimeMs } from "@guts/primitives";

import type { ChainReader, Clock, Ledger } from "../ports/index.ts";
import { fingerprintOf } from "../ssh/host-key.ts";
import type { Push } from "./receive-pack.ts";
import * as words from "./signed-push-words.ts";

/** What signed pushes need of a node. */
export interface SignedPushServices {
  readonly ledger: Pick<Ledger, "networkId" | "height" | "time" | "state">;
  readonly chain: Pick<ChainReader, "block">;
  readonly clock: Clock;
}

/** A push that its certificate authorizes, or says who makes, as far as this node can tell. */
export interface SignedPush {
  readonly certificate: PushCertificate;
  /** `countersigner`: a key that signs commits, so the connection's credential is what authorizes. */
  readonly signer: PushSigner | "countersigner";
}

/** The nonce that a push to `repository` signs now: it changes with every block, and any node takes it. */
export function pushNonce({ ledger, chain }: SignedPushServices, repository: RepositoryId): string | undefined {
  const height = ledger.height();
  const block = chain.block(height);
  return block && formatPushNonce(ledger.networkId, repository, { height, hash: block.hash });
}

/** Opens the certificate of a push; undefined when it has none, the words for the pusher when it does not hold. */
export function openSignedPush(services: SignedPushServices, push: Push): SignedPush | string | undefined {
  const { certificate: wire } = push.request;
  if (wire === undefined) return undefined;
  const certificate = readCertificate(wire);
  if (typeof certificate === "string") return certificate;
  const mandate = readPushMandate(certificate.text);
  if (mandate === undefined) return words.certificateWords("push-certificate-malformed");
  if (!verifyPushCertificate(certificate)) return words.signatureWords;
  const refusal = refuseTimeAndPlace(services, push, { certificate, mandate });
  if (refusal !== undefined) return refusal;
  const { account } = push.actor;
  const at = { time: now(services), height: (services.ledger.height() + 1) as Height };
  const state = services.ledger.state();
  const { publicKey } = certificate;
  const signer = state.pushSigner(account.id, publicKey, at);
  if (signer !== undefined) return { certificate, signer };
  if (state.isCountersigner(account.id, publicKey)) return { certificate, signer: "countersigner" };
  return words.strangerWords(fingerprintOf(sshBlobOf(publicKey)), account.handle);
}

function readCertificate({ signedText, signature }: WireCertificate): PushCertificate | string {
  const text = fromUtf8(signedText);
  if (signedText.length > ledgerLimits.pushCertificateBytesMax) return words.tooLongWords;
  if (text === undefined || text.includes("\0")) return words.certificateWords("push-certificate-malformed");
  const parsed = parseSshSignature(toByteString(signature));
  if (typeof parsed === "string" || parsed.namespace !== gitNamespace) return words.keyTypeWords;
  const { key: publicKey, hash, signature: raw } = parsed;
  return { text, publicKey, hash, signature: raw };
}

/** Why the certificate is not for this repository, this node and this time. */
function refuseTimeAndPlace(
  services: SignedPushServices,
  { request, located, hostnames }: Push,
  { certificate, mandate }: { readonly certificate: PushCertificate; readonly mandate: PushMandate },
): string | undefined {
  const { ledger, chain } = services;
  const { nonce, pushee } = mandate;
  // What the ledger cannot know: where its nodes are reached.
  if (hostnames !== undefined && !hostnames.includes(hostnameOf(pushee.host)))
    return words.certificateWords("push-certificate-elsewhere");
  const block = chain.block(nonce.height);
  if (block === undefined || !isNonceOf(nonce, block.hash)) return words.nonceWords;
  const terms = pushTerms(certificate.text, mandate);
  const life = refusePushLife(terms, { time: now(services), height: (ledger.height() + 1) as Height });
  if (life !== undefined) return words.lifeWords(life);
  // A command that cannot be executed is refused by itself, and the others with it.
  if (request.refused.length > 0) return undefined;
  const pushed = {
    repository: located.repository.id,
    isAtomic: true,
    updates: request.updates.map((update) => ({ ...update, isFastForward: false, newType: "none" as const })),
    pushOptions: pushOptionsOf(request.pushOptions),
  };
  const refusal = refuseMandate(ledger.state(), ledger.networkId, mandate, pushed);
  return refusal && words.certificateWords(refusal);
}

/** Push options as the ledger holds them. */
export function pushOptionsOf(options: Push["request"]["pushOptions"]): readonly string[] {
  return options.map((option) => Buffer.from(fromByteString(option)).toString("utf8").toWellFormed());
}

/** The name in a host with or without a port, in lower case. */
export function hostnameOf(host: string): string {
  return host.replace(/:[0-9]*$/, "").toLowerCase();
}

function now({ ledger, clock }: SignedPushServices): TimeMs {
  return Math.max(ledger.time(), clock.nowMs()) as TimeMs;
}
