/**
 * Refs that are made, moved and deleted by the API, with objects that this node made: a door to what a push does, by the same steps.
 *
 * (1) ask early as if what only objects can tell were as it should be, (2) have storage take the objects into a quarantine and prove
 * that everything is here and what each change would do, (3) ask again with that, (4) submit with the receipts of a quorum. The ledger asks with authority.
 */
import type { RefUpdate } from "@guts/git";
import type { CertifiedUpdate, RefPusher, RejectionCode } from "@guts/ledger";
import { isZeroObjectId, type Height } from "@guts/primitives";

import { Refusal } from "../errors.ts";
import { packRefsOf } from "../git/receive-pack.ts";
import { gitLimits } from "../limits.ts";
import type { ReceiveOutcome } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import type { OpenedRepository } from "./open-repository.ts";
import { protectionLine } from "./ref-policy.ts";
import { refusalOfRejection, requireApplied } from "./rejection.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "git" | "refs" | "earlyRefPolicy">;

/** What is to change, and whether a branch may lose commits by it. */
export interface RefChange {
  readonly opened: OpenedRepository;
  readonly update: RefUpdate;
  readonly mayForce: boolean;
  /** The objects that it brings. Without it those are looked for that the API has made for it beforehand. */
  readonly pack?: AsyncIterable<Uint8Array>;
}

/** Makes, moves or deletes one ref. Throws `Refusal`. Returns the height at which it is so. */
export async function changeRef(needs: Needs, request: ChangeRequest, change: RefChange): Promise<Height> {
  const { update, mayForce, opened } = change;
  const isUpdate = !isZeroObjectId(update.oldId) && !isZeroObjectId(update.newId);
  const newType = isZeroObjectId(update.newId) ? ("none" as const) : ("commit" as const);
  requireAllowed(needs, request, change, { ...update, isFastForward: true, hasMerges: false, newType }); // (1)
  const { facts, quarantine, packs } = await proveStored(needs, request, change); // (2)
  await using stored = quarantine;
  const [fact] = facts;
  if (isUpdate && !mayForce && fact?.isFastForward !== true)
    throw new Refusal("invalid", "Update is not a fast forward", { reason: "not-fast-forward" });
  const certified: CertifiedUpdate = {
    ...update,
    isFastForward: fact?.isFastForward ?? false,
    hasMerges: fact?.hasMerges ?? false,
    newType: fact?.newType ?? "none",
  };
  requireAllowed(needs, request, change, certified); // (3)
  await stored.promote(request.signal);
  const push = {
    repository: opened.repository.id,
    isAtomic: true,
    updates: [certified],
    packs: packRefsOf(packs),
    pushOptions: [],
  };
  const outcome = await needs.transactions.submitPush(push, optionsOf(request)); // (4)
  const isRefused = outcome.outcome === "refused" || outcome.outcome === "rejected";
  if (isRefused && outcome.rejection === "ref-protected") throw refusalFor(needs, request, change, certified);
  return requireApplied(outcome).height;
}

function requireAllowed(needs: Needs, request: ChangeRequest, change: RefChange, update: CertifiedUpdate): void {
  const state = needs.ledger.state();
  const { id } = change.opened.repository;
  const repository = state.repository(id);
  const policy = needs.earlyRefPolicy(state, id, pusherOf(request));
  const refusal = repository === undefined ? "not-found" : policy.refuse(repository, update);
  if (refusal === undefined) return;
  throw refusal === "ref-protected" ? refusalFor(needs, request, change, update) : refusalOf(refusal);
}

/** A node makes the change for the person: nobody's own key signed it. */
function pusherOf({ actor }: ChangeRequest): RefPusher {
  return { account: actor.account.id, isSigned: false };
}

/** What the rule of the ref lacks, in words. */
function refusalFor(needs: Needs, request: ChangeRequest, { opened }: RefChange, update: CertifiedUpdate): Refusal {
  const pusher = pusherOf(request);
  const line = protectionLine(needs.ledger.state(), { repository: opened.repository.id, pusher, update });
  return new Refusal("invalid", `${update.name} is ${line}`, { reason: "ref-protected" });
}

async function proveStored(
  { git, refs, ledger }: Needs,
  { signal }: ChangeRequest,
  { opened, update, pack }: RefChange,
): Promise<Extract<ReceiveOutcome, { outcome: "received" }>> {
  const { id, objectFormat: format } = opened.repository;
  const drafted = pack ?? (await git.packDrafts(id, { root: update.newId, format, signal }));
  const { packBytesMax, objectCountMax, inflatedBytesMax, receiveTimeoutMs } = gitLimits;
  const received = await git.receivePack(id, {
    commands: [update],
    pack: drafted,
    tips: refs.tips(ledger.state(), opened.repository).keys(),
    limits: { packBytesMax, objectsMax: objectCountMax, inflatedBytesMax, timeoutMs: receiveTimeoutMs },
    signal,
  });
  if (received.outcome === "received") return received;
  if (received.code === "missing-objects")
    throw new Refusal("invalid", "Object does not exist", { reason: "object-missing" });
  throw new Refusal("invalid", received.message, { reason: received.code });
}

function refusalOf(refusal: RejectionCode): Refusal {
  const words: Partial<Record<RejectionCode, string>> = {
    "ref-is-default-branch": "The default branch cannot be deleted; choose another one first.",
    "ref-hidden": "Refs are made below refs/heads/, refs/tags/ and refs/notes/.",
    "ref-conflict": "A ref of this name cannot exist beside one that is a directory of it.",
    "ref-not-a-commit": "A branch must point to a commit.",
    "ref-stale": "The ref has moved meanwhile; read it again.",
    "ref-limit": "The repository has as many refs as it may have.",
  };
  const message = words[refusal];
  return message === undefined ? refusalOfRejection(refusal) : new Refusal("invalid", message, { reason: refusal });
}
