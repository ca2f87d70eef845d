/**
 * A push, from its first byte to its report. One function, `receivePush`, reads like the list of steps:
 *
 * 1. Parse the commands; the pack stays unread.
 * 2. Refuse what needs no objects: a certificate that does not hold, hidden refs, refs that moved meanwhile, the default
 *    branch's deletion.
 * 3. Quarantine: git indexes the pack strictly, checks that everything is there, and says what each ref would do.
 * 4. Apply the ref policy to what git said.
 * 5. Promote: the objects are durable and visible, but no ref leads to them.
 * 6. Submit the ref updates and wait until they are applied. The ledger's compare-and-swap decides among rivals.
 * 7. Report each ref.
 *
 * Whatever fails before 6 leaves nothing behind but, at worst, unreferenced objects that housekeeping removes. What
 * fails after it cannot undo it: the ledger has the refs, and objects are on disk since 5. No git hooks take part.
 */
import {
  byteStringOf,
  readReceivePackRequest,
  type PktLineReader,
  type PushReport,
  type ReceivePackRequest,
  type RefReport,
  type RefUpdate,
} from "@guts/git";
import type { Account, CertifiedUpdate, Credential, PackRef, RefPusher, RejectionCode } from "@guts/ledger";
import { fromHex, isZeroObjectId, shortRefName, type RefName } from "@guts/primitives";

import type { Refusal } from "../errors.ts";
import type { GitLimits } from "../limits.ts";
import type {
  Authority,
  ChainReader,
  Clock,
  GitEngine,
  Ledger,
  PushOutcome,
  ReceiveOutcome,
  Transactions,
} from "../ports/index.ts";
import type { LocatedRepository } from "../use-cases/find-repository.ts";
import type { RefCache } from "../use-cases/ref-cache.ts";
import { protectionLine, type EarlyRefPolicy } from "../use-cases/ref-policy.ts";
import { planBatches, updatesPerTransactionMax } from "./push-batches.ts";
import type { PushResponse } from "./push-response.ts";
import { openSignedPush, pushOptionsOf, type SignedPush } from "./signed-push.ts";
import { unsignedWords, vouchedWords } from "./signed-push-words.ts";
import {
  atomicRefusalWords,
  behindWords,
  finalWords,
  outcomeWords,
  unpackRefusalWords,
  updateRefusalWords,
} from "./words.ts";

/** What serving pushes needs. */
export interface ReceivePackServices {
  readonly git: GitEngine;
  readonly ledger: Ledger;
  readonly transactions: Transactions;
  readonly chain: Pick<ChainReader, "signerCount" | "block">;
  readonly clock: Clock;
  readonly refs: RefCache;
  readonly earlyRefPolicy: EarlyRefPolicy;
  readonly limits: GitLimits;
}

/** Somebody who may push: as a credential allows, or, who has only shown a key of their own, as their git signs. */
export interface PushActor {
  readonly account: Account;
  readonly credential: Credential | undefined;
}

/** A push that its account may make. */
export interface Push {
  readonly request: ReceivePackRequest;
  /** Behind the commands: the pack follows. */
  readonly reader: PktLineReader;
  readonly located: LocatedRepository;
  readonly actor: PushActor;
  readonly baseUrl: string;
  /** Names, without ports, under which the pusher may have reached this node; undefined where they may use one of their own. */
  readonly hostnames?: readonly string[];
  readonly signal: AbortSignal;
}

/** By whose authority a push is submitted; a certificate, if there is one, holds. */
interface PushAuthority {
  readonly signed: SignedPush | undefined;
  readonly by: Authority;
}

type OpenedPush = Push & PushAuthority;

/** Why each ref stays; a ref that is not in the map goes on. */
type Refusals = Map<RefName, string>;

type AppliedPush = Extract<PushOutcome, { outcome: "applied" }>;

type Received = Extract<ReceiveOutcome, { outcome: "received" }>;

/** Step 1, apart from the rest because a request that asks for nothing gets no answer body. */
export function parsePush(
  reader: PktLineReader,
  located: LocatedRepository,
  signal: AbortSignal,
): Promise<ReceivePackRequest> {
  return readReceivePackRequest(reader, located.repository.objectFormat, signal);
}

/** Carries the push out, steps 2 to 7, telling the person what happens through `response`. */
export async function receivePush(
  services: ReceivePackServices,
  asked: Push,
  response: PushResponse,
): Promise<PushReport> {
  const { request } = asked;
  // 2. Cheap refusals.
  if (services.ledger.completeness(asked.located.repository.id) !== "complete")
    return report(request, refuseRest(request, new Map(), behindWords));
  const authority = openAuthority(services, asked);
  if (typeof authority === "string") return report(request, refuseRest(request, new Map(), authority));
  const push: OpenedPush = { ...asked, ...authority };
  const refusals = refuseEarly(services, push);
  const wanted = selectUpdates(request, refusals);
  if (wanted.length === 0) return report(request, refusals);
  // 3. Quarantine.
  const received = await quarantine(services, push, { wanted, response });
  if (received.outcome === "rejected") {
    const words = unpackRefusalWords(received, request.shallows.length > 0);
    return report(request, refuseRest(request, refusals, words), words);
  }
  await using quarantined = received.quarantine;
  // 4. Policy.
  const certified = certify(wanted, received);
  refuseByPolicy(services, push, { certified, refusals });
  const agreed = certified.filter(({ name }) => !refusals.has(name));
  if (agreed.length === 0 || (request.features.isAtomic && refusals.size > 0))
    return report(request, refuseAtomic(request, refusals));
  // 5. Promote.
  await quarantined.promote(push.signal);
  const revived = revivedNames(services, push, agreed);
  // 6. Submit and wait.
  const final = await submit(services, push, { agreed, packs: packRefsOf(received.packs), refusals });
  // 7. Report.
  sayResult(services, push, { agreed: agreed.filter(({ name }) => !refusals.has(name)), final, response });
  if (final !== undefined) for (const [name, words] of revived) if (!refusals.has(name)) response.say(words);
  return report(request, refusals);
}

/** Step 2: what git signed stands before the credential of the connection. Words when there is no authority. */
function openAuthority(services: ReceivePackServices, push: Push): PushAuthority | string {
  const { account, credential } = push.actor;
  const signed = openSignedPush(services, push);
  if (typeof signed === "string") return signed;
  const isByCredential = signed === undefined || signed.signer === "countersigner";
  if (isByCredential && credential === undefined) return unsignedWords(account.handle);
  if (signed === undefined) return { signed, by: { account: account.id, credential: credential!.id } };
  const { certificate } = signed;
  if (!isByCredential) return { signed, by: { account: account.id, certificate } };
  return { signed, by: { account: account.id, certificate, countersigned: credential!.id } };
}

/** Step 2: asks the ledger's own rule, as if what only objects can tell were as it should be. */
function refuseEarly(services: ReceivePackServices, push: OpenedPush): Refusals {
  const { request } = push;
  const refusals: Refusals = new Map();
  const provisional = request.updates.map((update): CertifiedUpdate => {
    const newType = isZeroObjectId(update.newId) ? "none" : "commit";
    return { ...update, isFastForward: true, hasMerges: false, newType };
  });
  refuseByPolicy(services, push, { certified: provisional, refusals });
  if (!request.features.isAtomic || planBatches(provisional).length <= 1) return refusals;
  return refuseRest(request, refusals, `too many refs for one atomic push; ${updatesPerTransactionMax} always fit`);
}

/** The updates that go on: none when the push is atomic and any of its commands was refused. */
function selectUpdates(request: ReceivePackRequest, refusals: Refusals): readonly RefUpdate[] {
  if (request.features.isAtomic && (refusals.size > 0 || request.refused.length > 0)) {
    refuseAtomic(request, refusals);
    return [];
  }
  return request.updates.filter(({ name }) => !refusals.has(name));
}

function quarantine(
  { git, ledger, refs, limits }: ReceivePackServices,
  { request, reader, located, signal }: Push,
  { wanted, response }: { readonly wanted: readonly RefUpdate[]; readonly response: PushResponse },
): Promise<ReceiveOutcome> {
  const { id } = located.repository;
  const tips = refs.tips(ledger.state(), located.repository);
  return git.receivePack(id, {
    commands: wanted,
    pack: request.hasPack ? reader.rest() : undefined,
    tips: tips.keys(),
    limits: {
      packBytesMax: limits.packBytesMax,
      objectsMax: limits.objectCountMax,
      inflatedBytesMax: limits.inflatedBytesMax,
      timeoutMs: limits.receiveTimeoutMs,
    },
    onProgress: (text) => response.progress(text),
    signal,
  });
}

function certify(wanted: readonly RefUpdate[], { facts }: Received): readonly CertifiedUpdate[] {
  return wanted.map((update, index) => ({
    ...update,
    isFastForward: facts[index]?.isFastForward ?? false,
    hasMerges: facts[index]?.hasMerges ?? false,
    newType: facts[index]?.newType ?? "none",
  }));
}

/** Steps 2 and 4: the ledger's own rule, on the state as it is by now; in step 4 with what git said. */
function refuseByPolicy(
  { ledger, earlyRefPolicy }: ReceivePackServices,
  push: OpenedPush,
  { certified, refusals }: { readonly certified: readonly CertifiedUpdate[]; readonly refusals: Refusals },
): void {
  const forge = ledger.state();
  const { id } = push.located.repository;
  const repository = forge.repository(id);
  const policy = earlyRefPolicy(forge, id, pusherOf(push));
  for (const update of certified) {
    const refusal = repository === undefined ? "not-found" : policy.refuse(repository, update);
    if (refusal !== undefined) refusals.set(update.name, wordsOf(ledger, push, { update, refusal }));
  }
}

/** Why one ref stays, for the pusher. What a protection rule lacks is told from the state, wherever it was refused. */
function wordsOf(
  ledger: Ledger,
  push: OpenedPush,
  { update, refusal }: { readonly update: CertifiedUpdate; readonly refusal: RejectionCode },
): string {
  if (refusal !== "ref-protected") return updateRefusalWords(refusal);
  const change = { repository: push.located.repository.id, pusher: pusherOf(push), update };
  const isVouched = push.signed !== undefined && push.signed.signer !== "own";
  return protectionLine(ledger.state(), change) + (isVouched ? vouchedWords : "");
}

function pusherOf({ actor, signed }: OpenedPush): RefPusher {
  return { account: actor.account.id, isSigned: signed?.signer === "own" };
}

/** Packs as a transaction names them. */
export function packRefsOf(packs: Received["packs"]): readonly PackRef[] {
  return packs.map(({ sha256, sizeBytes }) => ({ sha256: fromHex(sha256) ?? new Uint8Array(32), sizeBytes }));
}

/** Step 6, in as many transactions as the limits of one demand; an atomic push is always one. Returns the last applied. */
async function submit(
  { transactions, ledger }: ReceivePackServices,
  push: OpenedPush,
  { agreed, packs, refusals }: { agreed: readonly CertifiedUpdate[]; packs: readonly PackRef[]; refusals: Refusals },
): Promise<AppliedPush | undefined> {
  const { request, located, signed, by, signal } = push;
  const repository = located.repository.id;
  const { isAtomic } = request.features;
  const pushOptions = pushOptionsOf(request.pushOptions);
  let final: AppliedPush | undefined;
  // What was signed is submitted in its own order: it fits, or was refused in step 2.
  for (const updates of signed === undefined ? planBatches(agreed) : [agreed]) {
    const submission = { repository, isAtomic, updates, packs, pushOptions };
    const outcome = await transactions.submitPush(submission, { by, signal });
    if (outcome.outcome === "applied") final = outcome;
    for (const [index, update] of updates.entries()) {
      const words = outcomeOf(ledger, push, { outcome, update, index });
      if (words !== undefined) refusals.set(update.name, words);
    }
  }
  return final;
}

/** Why one ref of a submitted transaction stays, or undefined. A whole transaction is rejected for one of its refs. */
function outcomeOf(
  ledger: Ledger,
  push: OpenedPush,
  { outcome, update, index }: { outcome: PushOutcome; update: CertifiedUpdate; index: number },
): string | undefined {
  if (outcome.outcome === "applied") {
    const refusal = outcome.result.refusals[index];
    return refusal === undefined ? undefined : wordsOf(ledger, push, { update, refusal });
  }
  const isProtected = outcome.outcome !== "unknown" && outcome.rejection === "ref-protected";
  return isProtected ? wordsOf(ledger, push, { update, refusal: "ref-protected" }) : outcomeWords(outcome);
}

function sayResult(
  { ledger, chain }: ReceivePackServices,
  { located, baseUrl }: Push,
  {
    agreed,
    final,
    response,
  }: { agreed: readonly CertifiedUpdate[]; final: AppliedPush | undefined; response: PushResponse },
): void {
  if (final === undefined) return;
  const { height, storedCount } = final;
  const validatorCount = ledger.state().network().validators.length;
  response.say(finalWords(height, { validatorCount, storedCount, signerCount: chain.signerCount(height) }));
  const isNewBranch = ({ name, oldId, newId }: CertifiedUpdate): boolean =>
    name.startsWith("refs/heads/") && isZeroObjectId(oldId) && !isZeroObjectId(newId);
  for (const { name } of agreed.filter(isNewBranch).slice(0, 3)) {
    const branch = shortRefName(name);
    response.say(`See ${branch} at`);
    response.say(`  ${baseUrl}/${located.fullName}/tree/${branch.split("/").map(encodeURIComponent).join("/")}`);
  }
}

/** Branches that a push makes under a name that another was renamed from: whoever did not hear of it is told, the first few. */
function revivedNames(
  { ledger }: ReceivePackServices,
  { located }: Push,
  agreed: readonly CertifiedUpdate[],
): readonly (readonly [RefName, string])[] {
  const state = ledger.state();
  return agreed
    .filter(({ oldId }) => isZeroObjectId(oldId))
    .flatMap(({ name }) => {
      const present = state.presentBranch(located.repository.id, name);
      if (present === undefined) return [];
      const [short, other] = [shortRefName(name), shortRefName(present)];
      return [[name, `${short} was renamed to ${other} before; this push made a new branch ${short}.`] as const];
    })
    .slice(0, 3);
}

function refuseRest(request: ReceivePackRequest, refusals: Refusals, words: string): Refusals {
  for (const { name } of request.updates) if (!refusals.has(name)) refusals.set(name, words);
  return refusals;
}

function refuseAtomic(request: ReceivePackRequest, refusals: Refusals): Refusals {
  return request.features.isAtomic ? refuseRest(request, refusals, atomicRefusalWords) : refusals;
}

function report(request: ReceivePackRequest, refusals: Refusals, unpackError?: string): PushReport {
  const refs = request.updates.map(({ name }): RefReport => {
    const reason = refusals.get(name);
    return reason === undefined
      ? { status: "ok", name: byteStringOf(name) }
      : { status: "ng", name: byteStringOf(name), reason };
  });
  const malformed = request.refused.map(({ name, reason }): RefReport => ({ status: "ng", name, reason }));
  return { unpackError, refs: [...refs, ...malformed] };
}

/** The report of a push that ended in a refusal of the node rather than of a ref, such as too many pushes at once. */
export function refusedReport(request: ReceivePackRequest, refusal: Refusal): PushReport {
  return report(request, refuseRest(request, new Map(), refusal.message), refusal.message);
}
