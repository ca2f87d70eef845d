/** Invitations to the network while they are good. */
import type { PublicKey, TimeMs } from "@guts/primitives";
import type { ShownInvitation } from "@guts/governance";
import type { Overlay } from "./state.ts";
import { readRow, removeRow, writeRow } from "./table.ts";
import * as tables from "./tables.ts";
import { addToTally } from "./tally.ts";

/** Uses an invitation up by one account, if it is good at `time`; what it opens the door for. */
export function useNetworkInvitation(state: Overlay, key: PublicKey, time: TimeMs): ShownInvitation {
  const single = readRow(state, tables.networkInvitationTable, key);
  if (single !== undefined && single.expiresTime > time) {
    removeRow(state, tables.networkInvitationTable, key);
    return "usual";
  }
  const offer = readRow(state, tables.networkInvitationOfferTable, key);
  if (offer === undefined || offer.expiresTime <= time) return "none";
  if (offer.usesLeft > 1)
    writeRow(state, tables.networkInvitationOfferTable, key, { ...offer, usesLeft: offer.usesLeft - 1 });
  else removeNetworkInvitation(state, key);
  return offer.isForClosed ? "for-closed" : "usual";
}

/** Removes an invitation of several uses with everything that counts it. Its expiry finds nothing then. */
export function removeNetworkInvitation(state: Overlay, key: PublicKey): void {
  const offer = readRow(state, tables.networkInvitationOfferTable, key);
  if (offer === undefined) return;
  removeRow(state, tables.networkInvitationOfferTable, key);
  removeRow(state, tables.expiryTable, { time: offer.expiresTime, kind: "network-invitation", subject: key });
  addToTally(state, "networkInvitations", 0, -1);
}
