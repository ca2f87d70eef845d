/** Whose a public key is, here and now. */
import { sshKeyPowers } from "@guts/governance";
import { sshKeyIdOf, type Account, type ForgeState } from "@guts/ledger";
import { parseSshPublicKey, type TimeMs } from "@guts/primitives";

import type { SignedInActor } from "../auth/actor.ts";
import { isGoodHere } from "../auth/good-here.ts";
import type { Clock, Ledger, PrivateStore } from "../ports/index.ts";

/** Somebody who has proven to hold a key. */
export interface SshPerson {
  readonly account: Account;
  /** What the key may do. A key that signs for the account itself may fetch, and push what it signs: who it is, is all that is asked. */
  readonly reader: Pick<SignedInActor, "account" | "scopes">;
  /** By whose authority an unsigned push is made: only a registered SSH key is one that nodes can take each other's word for. */
  readonly pusher: SignedInActor | undefined;
}

/** Somebody who has proven to hold a key of an account that may do nothing: who holds it is told why. */
export interface SuspendedPerson {
  readonly suspended: Account;
}

/** What identifying needs. */
export interface IdentifyServices {
  readonly ledger: Ledger;
  readonly privateStore: PrivateStore;
  readonly clock: Clock;
}

/** The person behind a public key's blob, or undefined when it is nobody's who may act here. */
export function identify(services: IdentifyServices, blob: Uint8Array): SshPerson | SuspendedPerson | undefined {
  const person = recognize(services, blob);
  const { privateStore, clock } = services;
  if (person !== undefined && "pusher" in person && person.pusher !== undefined)
    privateStore.touchCredential(person.pusher.credential.id, clock.nowMs() as TimeMs);
  return person;
}

/** The same, where the key is not used anew. */
export function recognize(services: LookServices, blob: Uint8Array): SshPerson | SuspendedPerson | undefined {
  const state = services.ledger.state();
  return registered(services, state, blob) ?? signingKey(state, blob) ?? suspendedPerson(services, state, blob);
}

/** Whether the person's account may do nothing any more. */
export function isSuspended(person: SshPerson | SuspendedPerson): person is SuspendedPerson {
  return "suspended" in person;
}

type LookServices = Omit<IdentifyServices, "privateStore">;

function registered(services: LookServices, state: ForgeState, blob: Uint8Array): SshPerson | undefined {
  const credential = state.credential(sshKeyIdOf(blob));
  if (credential === undefined || !isGoodHere(services, credential)) return undefined;
  const account = activeAccount(state, credential.account);
  if (account === undefined) return undefined;
  const actor = { account, scopes: state.powers(credential), credential };
  return { account, reader: actor, pusher: actor };
}

function signingKey(state: ForgeState, blob: Uint8Array): SshPerson | undefined {
  const holder = signer(state, blob);
  const account = holder === undefined ? undefined : activeAccount(state, holder);
  return account === undefined ? undefined : { account, reader: { account, scopes: sshKeyPowers }, pusher: undefined };
}

/** Whose root or device key this is; such a key is one of OpenSSH too. */
function signer(state: ForgeState, blob: Uint8Array): Account["id"] | undefined {
  const key = parseSshPublicKey(blob);
  if (typeof key === "string" || key.type !== "ssh-ed25519") return undefined;
  const owner = state.keyOwner(key.key);
  return owner === undefined || owner.key.revokedHeight !== undefined ? undefined : owner.account;
}

function suspendedPerson(services: LookServices, state: ForgeState, blob: Uint8Array): SuspendedPerson | undefined {
  const credential = state.storedCredential(sshKeyIdOf(blob));
  const holder =
    credential === undefined ? signer(state, blob) : isGoodHere(services, credential) ? credential.account : undefined;
  const account = holder === undefined ? undefined : state.account(holder);
  return account === undefined || state.suspension(account.id) === undefined ? undefined : { suspended: account };
}

function activeAccount(state: ForgeState, id: Account["id"]): Account | undefined {
  const account = state.account(id);
  return account?.status === "active" && state.suspension(id) === undefined ? account : undefined;
}
