/**
 * E-mail addresses: facts of the home node, which no other node and no block ever sees (ADR 6).
 *
 * Nodes send no mail, so nobody's address is verified. An unverified address proves nothing about who wrote a commit: it is used as
 * the author of what its own person commits in the browser, when they show it, and never to link commits of others.
 */
import { emailsPerAccountMax, type Email, type EmailList } from "@guts/api";
import { scopesAllow, type ScopeNeed } from "@guts/governance";
import { commitAddressOf, type Account } from "@guts/ledger";

import { refusalOf, type SignedInActor } from "../auth/actor.ts";
import { invalidField, Refusal } from "../errors.ts";
import type { StoredEmails } from "../ports/index.ts";
import type { Services } from "../services.ts";

type Needs = Pick<Services, "ledger" | "privateStore">;

/** Who asks. */
export interface EmailRequest {
  readonly actor: SignedInActor;
}

/** All addresses of the actor, the primary first, then the one that takes no mail. */
export function listEmails(needs: Needs, request: EmailRequest): readonly Email[] {
  requireScope(request.actor, "read-email");
  return listStored(needs, request);
}

/** Those of the actor's addresses that anyone can see. */
export function listPublicEmails(needs: Needs, request: EmailRequest): readonly Email[] {
  return listEmails(needs, request).filter(({ visibility }) => visibility === "public");
}

/** Adds addresses in the order given; the first one of an account becomes its primary. Answers the added ones. */
export function addEmails(needs: Needs, request: EmailRequest, list: EmailList): readonly Email[] {
  const stored = open(needs, request);
  const added = addressesOf(list);
  for (const [index, address] of added.entries()) {
    if (!/^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+$/.test(address))
      throw refuse("is no address such as ada@example.org");
    const others = [...stored.addresses, ...added.slice(0, index)];
    if (others.some((each) => isSame(each, address))) throw refuse("is already one of yours");
  }
  const addresses = [...stored.addresses, ...added];
  if (addresses.length > emailsPerAccountMax)
    throw refuse(`would be more than ${emailsPerAccountMax} addresses; remove one first`);
  needs.privateStore.setEmails(request.actor.account.id, { ...stored, addresses });
  return listStored(needs, request).filter(({ email }) => added.includes(email));
}

/** Removes addresses. The primary one goes last. */
export function removeEmails(needs: Needs, request: EmailRequest, list: EmailList): void {
  const stored = open(needs, request);
  const removed = addressesOf(list);
  for (const address of removed) find(stored, address);
  const addresses = stored.addresses.filter((each) => !removed.some((other) => isSame(each, other)));
  if (addresses.length > 0 && addresses[0] !== stored.addresses[0])
    throw refuse("is the primary one; choose another primary address first");
  needs.privateStore.setEmails(request.actor.account.id, {
    addresses,
    isPublic: stored.isPublic && addresses.length > 0,
  });
}

/** Makes one of the actor's addresses the primary one. */
export function choosePrimaryEmail(needs: Needs, request: EmailRequest, address: string): readonly Email[] {
  const stored = open(needs, request);
  const chosen = find(stored, address);
  const addresses = [chosen, ...stored.addresses.filter((each) => each !== chosen)];
  needs.privateStore.setEmails(request.actor.account.id, { ...stored, addresses });
  return listStored(needs, request);
}

/** Shows the primary address on the profile and in commits made in the browser, or keeps it private. Answers that address. */
export function setEmailVisibility(
  needs: Needs,
  request: EmailRequest,
  visibility: "public" | "private",
): readonly Email[] {
  const stored = open(needs, request);
  if (stored.addresses.length === 0) throw refuse("is needed first: add one");
  needs.privateStore.setEmails(request.actor.account.id, { ...stored, isPublic: visibility === "public" });
  return listStored(needs, request).filter(({ primary }) => primary);
}

/** The address that anyone may see: the primary one of who shows it at this node. */
export function publicEmail(
  { privateStore }: Pick<Services, "privateStore">,
  { id }: Pick<Account, "id">,
): string | null {
  const { addresses, isPublic } = privateStore.emails(id);
  return (isPublic ? addresses[0] : undefined) ?? null;
}

function presentEmails({ addresses, isPublic }: StoredEmails, noReply: string): readonly Email[] {
  const own = addresses.map((email, index) => ({
    email,
    primary: index === 0,
    verified: false,
    visibility: index === 0 ? (isPublic ? "public" : "private") : null,
  }));
  return [...own, { email: noReply, primary: own.length === 0, verified: true, visibility: null }];
}

function listStored({ ledger, privateStore }: Needs, { actor }: EmailRequest): readonly Email[] {
  return presentEmails(privateStore.emails(actor.account.id), commitAddressOf(ledger.networkId, actor.account));
}

/** What is stored of an actor who may change it here. */
function open({ ledger, privateStore }: Needs, { actor }: EmailRequest): StoredEmails {
  requireScope(actor, "write-profile");
  if (!ledger.state().isDelegated(actor.account.id, ledger.nodeId))
    throw new Refusal(
      "forbidden",
      "This node is no home of your account. E-mail addresses are kept, and changed, at your home node alone.",
    );
  return privateStore.emails(actor.account.id);
}

function requireScope(actor: SignedInActor, need: ScopeNeed): void {
  if (!scopesAllow(actor.scopes, need)) throw refusalOf({ code: "scope-missing", need });
}

function addressesOf(list: EmailList): readonly string[] {
  if (typeof list === "string") return [list];
  return "emails" in list ? list.emails : list;
}

function find({ addresses }: StoredEmails, wanted: string): string {
  const found = addresses.find((each) => isSame(each, wanted));
  if (found === undefined) throw refuse("is none of yours");
  return found;
}

/** Nobody in practice has two mailboxes that differ in case alone. */
function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** The address itself is not repeated: refusals are logged and shown to others. */
function refuse(message: string): Refusal {
  return invalidField({ resource: "UserEmail", field: "email", message });
}
