/** Invitations to networks whose registration is by invitation. */
import { isSoundPublicKey, publicKeyCodec, struct, timeCodec } from "@guts/primitives";
import { applied, defineKind, rejected } from "../kind.ts";
import { examinationWork, networkInvitationLifeMsMax } from "../limits.ts";
import { readRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";

/** Lets whoever holds the private half of `key` open one account. Administrators only. */
export const networkInvitationCreate = defineKind({
  tag: 16,
  payload: struct({ key: publicKeyCodec, expiresTime: timeCodec }),
  result: struct({}),
  authority: "manage-credentials",
  work: () => examinationWork,
  scope: () => ({ type: "network", id: 0 }),
  apply: ({ state, actor, time }, { key, expiresTime }) => {
    if (readRow(state, tables.accountTable, actor)!.isAdministrator !== "yes") return rejected("forbidden");
    const earlier = readRow(state, tables.networkInvitationTable, key);
    if (earlier !== undefined && earlier.expiresTime > time) return rejected("invitation-exists");
    if (expiresTime <= time || expiresTime > time + networkInvitationLifeMsMax) return rejected("expiry-invalid");
    if (!isSoundPublicKey(key)) return rejected("key-unsound");
    writeRow(state, tables.networkInvitationTable, key, { invitedBy: actor, expiresTime });
    return applied({});
  },
});
