/** Accounts: open, describe, rename, close. */
import {
  accountIdCodec,
  concatBytes,
  encode,
  equalBytes,
  foldName,
  inDomain,
  isSoundPublicKey,
  nodeIdCodec,
  option,
  publicKeyCodec,
  signatureCodec,
  struct,
  text,
  utf8,
  verifySignature,
  type AccountId,
  type Digest,
  type Handle,
  type PublicKey,
} from "@guts/primitives";
import { refuseRegistration, type ShownInvitation } from "@guts/governance";
import { changedText, textChangeCodec } from "../content.ts";
import { renameAccount } from "../handles.ts";
import { actorScope, applied, boundedRefs, defineKind, rejected, type ActContext } from "../kind.ts";
import {
  collaborationsPerAccountMax,
  credentialsPerAccountMax,
  examinationWork,
  keysPerAccountMax,
  labelBytesMax,
  profileFieldBytesMax,
} from "../limits.ts";
import { useNetworkInvitation } from "../network-invitation.ts";
import { nextNumber } from "../numbering.ts";
import { isPossessionProven, possessionCodec } from "../possession.ts";
import { readRow, scanRows, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";
import { removeCollaborator } from "./collaborators.ts";
import { removeCredential } from "./credentials.ts";
import { addDelegation, removeDelegation } from "./delegations.ts";
import { addKey } from "./keys.ts";

const createPayload = struct({
  handle: tables.handleCodec,
  rootKey: publicKeyCodec,
  /** A key for daily use on the device where the account is made. It signs for the account that the root key opens. */
  deviceKey: option(struct({ key: publicKeyCodec, label: text(labelBytesMax), possession: possessionCodec })),
  /** The node that may issue credentials from the start. */
  homeNode: option(nodeIdCodec),
  /** A network invitation: its key signs `invitationBytes`. */
  invitation: option(struct({ key: publicKeyCodec, signature: signatureCodec })),
});

type CreatePayload = ReturnType<(typeof createPayload)["read"]>;

/** What an invitation's key signs: it is good for this handle and root key on this network alone. */
export function invitationBytes(networkId: Digest, handle: Handle, rootKey: PublicKey): Uint8Array {
  return inDomain("networkInvitation", concatBytes(networkId, rootKey, utf8(handle)));
}

/** Opens an account. Signed by the root key that the account is to have. */
export const accountCreate = defineKind({
  tag: 1,
  payload: createPayload,
  result: struct({ account: accountIdCodec }),
  authority: "personal-root",
  cost: () => ({ accounts: 1 }),
  work: ({ deviceKey, invitation }) =>
    examinationWork * (1 + (deviceKey === undefined ? 0 : 2) + (invitation === undefined ? 0 : 1)),
  spared: ({ deviceKey }) => (deviceKey === undefined ? 0 : examinationWork),
  scope: (_context, _payload, { account }) => ({ type: "account", id: account }),
  apply: (context, payload) => {
    const { state } = context;
    const network = context.forge.network();
    if (context.signedBy === undefined || !equalBytes(context.signedBy, payload.rootKey))
      return rejected("personal-signature-needed");
    const isAdministratorKey = network.administrators.some((key) => equalBytes(key, payload.rootKey));
    const invitation = takeInvitation(context, payload);
    const refusal = refuseRegistration({ registration: network.registration, invitation, isAdministratorKey });
    if (refusal !== undefined) return rejected(refusal);
    if (readRow(state, tables.handleTable, foldName(payload.handle)) !== undefined) return rejected("handle-taken");
    if (payload.homeNode !== undefined && !context.forge.isAdmitted(payload.homeNode, context.height))
      return rejected("node-unknown");
    const account = nextNumber(state, "account") as AccountId;
    const { time, height } = context;
    const keys = [{ key: payload.rootKey, role: "root", label: "root key" } as const];
    const devices = payload.deviceKey === undefined ? [] : [{ ...payload.deviceKey, role: "device" } as const];
    for (const { key, role, label } of [...keys, ...devices]) {
      if (!isSoundPublicKey(key)) return rejected("key-unsound");
      if (readRow(state, tables.keyOwnerTable, key) !== undefined) return rejected("key-taken");
      if (role === "device" && !isDeviceProven(context, payload)) return rejected("key-unproven");
      addKey(context, account, { key, role, label });
    }
    writeRow(state, tables.handleTable, foldName(payload.handle), { account, state: "current" });
    addToTally(state, "handles", account, 1);
    writeRow(state, tables.accountTable, account, {
      handle: payload.handle,
      status: "active",
      isAdministrator: isAdministratorKey ? "yes" : "no",
      createdTime: time,
      createdHeight: height,
      updatedTime: time,
      displayName: undefined,
      bio: undefined,
      location: undefined,
      website: undefined,
    });
    if (payload.homeNode !== undefined) addDelegation(context, account, payload.homeNode);
    return applied({ account });
  },
});

function isDeviceProven({ networkId }: ActContext, { deviceKey, rootKey }: CreatePayload): boolean {
  const holder = { type: "newcomer", rootKey } as const;
  return deviceKey !== undefined && isPossessionProven(deviceKey.possession, deviceKey.key, { networkId, holder });
}

/** What a live invitation that signed this sign-up opens; if there is one, it is used up. */
function takeInvitation({ state, networkId, time }: ActContext, payload: CreatePayload): ShownInvitation {
  const { invitation, handle, rootKey } = payload;
  if (invitation === undefined) return "none";
  const message = invitationBytes(networkId, handle, rootKey);
  if (!verifySignature(invitation.key, message, invitation.signature)) return "none";
  return useNetworkInvitation(state, invitation.key, time);
}

/** Changes the profile. An absent field stays, a present one is set or cleared. */
export const accountUpdate = defineKind({
  tag: 2,
  payload: struct({
    displayName: textChangeCodec,
    bio: textChangeCodec,
    location: textChangeCodec,
    website: textChangeCodec,
  }),
  result: struct({}),
  authority: "write-profile",
  contents: ({ displayName, bio, location, website }) =>
    boundedRefs([displayName?.value, bio?.value, location?.value, website?.value], profileFieldBytesMax),
  scope: actorScope,
  apply: (context, payload) => {
    const account = readRow(context.state, tables.accountTable, context.actor)!;
    writeRow(context.state, tables.accountTable, context.actor, {
      ...account,
      displayName: changedText(account.displayName, payload.displayName),
      bio: changedText(account.bio, payload.bio),
      location: changedText(account.location, payload.location),
      website: changedText(account.website, payload.website),
      updatedTime: context.time,
    });
    return applied({});
  },
});

/** Gives the account another handle. The former one redirects and stays with the account. */
export const accountRename = defineKind({
  tag: 3,
  payload: struct({ handle: tables.handleCodec }),
  result: struct({}),
  authority: "write-profile",
  scope: actorScope,
  apply: (context, { handle }) => {
    const refusal = renameAccount(context, context.actor, handle);
    return refusal === undefined ? applied({}) : rejected(refusal);
  },
});

/** Closes the account for ever. Its handles stay taken and its keys never act again. */
export const accountClose = defineKind({
  tag: 4,
  payload: struct({}),
  result: struct({}),
  authority: "personal-root",
  work: () => 4 * credentialsPerAccountMax + 3 * collaborationsPerAccountMax + 2 * keysPerAccountMax,
  scope: actorScope,
  apply: ({ state, forge, actor, time, height }) => {
    if (tallyOf(state, "repositories", actor) > 0) return rejected("account-owns-repositories");
    if (tallyOf(state, "organizations", actor) > 0) return rejected("account-in-organizations");
    const within = encode(accountIdCodec, actor);
    for (const credential of [...forge.storedCredentials(actor)]) removeCredential(state, credential);
    for (const { node } of [...forge.storedDelegations(actor)]) removeDelegation(state, actor, node);
    for (const [member] of [...scanRows(state, tables.accountCollaborationTable, { within })])
      removeCollaborator(state, member);
    for (const { publicKey, ...row } of [...forge.keys(actor)]) {
      writeRow(
        state,
        tables.keyTable,
        { account: actor, key: publicKey },
        { ...row, revokedHeight: row.revokedHeight ?? height },
      );
    }
    const account = readRow(state, tables.accountTable, actor)!;
    writeRow(state, tables.accountTable, actor, { ...account, status: "closed", updatedTime: time });
    return applied({});
  },
});
