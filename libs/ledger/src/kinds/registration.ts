/** Who may open an account from now on: administrators switch the network's rule, and give invitations of several uses. */
import { bool, isSoundPublicKey, option, publicKeyCodec, struct, timeCodec, u32 } from "@guts/primitives";
import { refuseAdministration } from "@guts/governance";
import { contentRefCodec } from "../content.ts";
import { applied, boundedRefs, defineKind, rejected, type ActContext } from "../kind.ts";
import {
  examinationWork,
  networkInvitationLifeMsMax,
  networkInvitationsMax,
  networkInvitationUsesMax,
  reasonBytesMax,
} from "../limits.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { removeNetworkInvitation } from "../network-invitation.ts";
import { addToTally, tallyOf } from "../tally.ts";

const networkScope = () => ({ type: "network", id: 0 }) as const;

/**
 * Invites to the network: whoever holds the private half of `key` may open accounts, `uses` in all. `isForClosed` ones are good
 * while registration is closed, too: by them administrators open accounts for others.
 */
export const networkInvitationOffer = defineKind({
  tag: 116,
  payload: struct({
    key: publicKeyCodec,
    expiresTime: timeCodec,
    uses: u32,
    isForClosed: bool,
    reason: option(contentRefCodec),
  }),
  result: struct({}),
  authority: "administer-site",
  contents: ({ reason }) => boundedRefs([reason], reasonBytesMax),
  work: () => examinationWork,
  scope: networkScope,
  apply: (context, { key, expiresTime, uses, isForClosed }) => {
    const { state, actor, time } = context;
    if (!isAdministrator(context)) return rejected("forbidden");
    if (isTaken(context, key)) return rejected("invitation-exists");
    if (expiresTime <= time || expiresTime > time + networkInvitationLifeMsMax) return rejected("expiry-invalid");
    if (uses < 1 || uses > networkInvitationUsesMax) return rejected("invitation-uses-invalid");
    if (tallyOf(state, "networkInvitations", 0) >= networkInvitationsMax) return rejected("invitation-limit");
    if (!isSoundPublicKey(key)) return rejected("key-unsound");
    const row = { invitedBy: actor, createdTime: time, expiresTime, uses, usesLeft: uses, isForClosed };
    writeRow(state, tables.networkInvitationOfferTable, key, row);
    writeRow(state, tables.expiryTable, { time: expiresTime, kind: "network-invitation", subject: key }, {});
    addToTally(state, "networkInvitations", 0, 1);
    return applied({});
  },
});

/** Takes an invitation back, of whichever kind. Accounts that it opened stay. */
export const networkInvitationRevoke = defineKind({
  tag: 117,
  payload: struct({ key: publicKeyCodec, reason: option(contentRefCodec) }),
  result: struct({}),
  authority: "administer-site",
  contents: ({ reason }) => boundedRefs([reason], reasonBytesMax),
  scope: networkScope,
  apply: (context, { key }) => {
    const { state } = context;
    if (!isAdministrator(context)) return rejected("forbidden");
    if (readRow(state, tables.networkInvitationOfferTable, key) !== undefined) removeNetworkInvitation(state, key);
    else if (readRow(state, tables.networkInvitationTable, key) === undefined) return rejected("not-found");
    else removeRow(state, tables.networkInvitationTable, key);
    return applied({});
  },
});

/** Opens registration, closes it, or leaves it to invitations. */
export const registrationSet = defineKind({
  tag: 118,
  payload: struct({ registration: tables.registrationCodec, reason: option(contentRefCodec) }),
  result: struct({}),
  authority: "administer-site",
  contents: ({ reason }) => boundedRefs([reason], reasonBytesMax),
  scope: networkScope,
  apply: (context, { registration }) => {
    if (!isAdministrator(context)) return rejected("forbidden");
    const network = context.forge.network();
    if (network.registration === registration) return rejected("already-so");
    writeRow(context.state, tables.networkTable, {}, { ...network, registration });
    return applied({});
  },
});

/** A key invites once at a time, by one kind or the other. */
function isTaken({ state, time }: ActContext, key: tables.NetworkInvitationKey): boolean {
  const earlier = readRow(state, tables.networkInvitationTable, key);
  if (earlier !== undefined && earlier.expiresTime > time) return true;
  return readRow(state, tables.networkInvitationOfferTable, key) !== undefined;
}

function isAdministrator({ forge, actor }: ActContext): boolean {
  const facts = { actor, isAdministrator: forge.account(actor)?.isAdministrator === "yes" };
  return refuseAdministration(facts) === undefined;
}
