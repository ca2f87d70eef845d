/** Whose a public key is, here and now. */
import { refuseCredential, sshKeyPowers } from "@guts/governance";
import { sshKeyIdOf, type Account, type ForgeState } from "@guts/ledger";
import { parseSshPublicKey, type TimeMs } from "@guts/primitives";

import type { SignedInActor } from "../auth/actor.ts";
import type { Clock, Ledger, PrivateStore } from "../ports/index.ts";

/** Somebody who has proven to hold a key. */
export interface SshPerson {
  readonly account: Account;
  /** What the key may do. A key that signs for the account itself may fetch: who it is, is all that a fetch asks. */
  readonly reader: Pick<SignedInActor, "account" | "scopes">;
  /** By whose authority a push is made: only a registered SSH key is one that nodes can take each other's word for. */
  readonly pusher: SignedInActor | undefined;
}

/** What identifying needs. */
export interface IdentifyServices {
  readonly ledger: Ledger;
  readonly privateStore: PrivateStore;
  readonly clock: Clock;
}

/** The person behind a public key's blob, or undefined when it is nobody's who may act here. */
export function identify(services: IdentifyServices, blob: Uint8Array): SshPerson | undefined {
  const state = services.ledger.state();
  return registered(services, state, blob) ?? signingKey(state, blob);
}

function registered(
  { ledger, privateStore, clock }: IdentifyServices,
  state: ForgeState,
  blob: Uint8Array,
): SshPerson | undefined {
  const credential = state.credential(sshKeyIdOf(blob));
  if (credential === undefined) return undefined;
  const time = Math.max(ledger.time(), clock.nowMs()) as TimeMs;
  if (refuseCredential(credential, ledger.nodeId, time) !== undefined) return undefined;
  const account = activeAccount(state, credential.account);
  if (account === undefined) return undefined;
  privateStore.touchCredential(credential.id, clock.nowMs() as TimeMs);
  const actor = { account, scopes: state.powers(credential), credential };
  return { account, reader: actor, pusher: actor };
}

/** A root or device key of the ledger that is an Ed25519 key of OpenSSH too. */
function signingKey(state: ForgeState, blob: Uint8Array): SshPerson | undefined {
  const key = parseSshPublicKey(blob);
  if (typeof key === "string" || key.type !== "ssh-ed25519") return undefined;
  const owner = state.keyOwner(key.key);
  if (owner === undefined || owner.key.revokedHeight !== undefined) return undefined;
  const account = activeAccount(state, owner.account);
  return account === undefined ? undefined : { account, reader: { account, scopes: sshKeyPowers }, pusher: undefined };
}

function activeAccount(state: ForgeState, id: Account["id"]): Account | undefined {
  const account = state.account(id);
  return account?.status === "active" ? account : undefined;
}
