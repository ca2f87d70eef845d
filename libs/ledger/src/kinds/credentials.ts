/** Credentials: what stands for a person who signed in, recorded by the digest of its secret. */
import { digestCodec, equalBytes, list, nodeIdCodec, option, struct, text, timeCodec, u32 } from "@guts/primitives";
import { allScopes, scopesAllow, scopesCover } from "@guts/governance";
import type { Credential } from "../forge-state.ts";
import { actorScope, applied, defineKind, rejected, type ActContext } from "../kind.ts";
import { audienceMax, credentialsPerAccountMax, labelBytesMax, sessionLifeMsMax } from "../limits.ts";
import { nextNumber } from "../numbering.ts";
import type { RejectionCode } from "../rejection.ts";
import type { Overlay } from "../state.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";

const createPayload = struct({
  id: digestCodec,
  kind: tables.credentialKindCodec,
  scopes: u32,
  label: text(labelBytesMax),
  expiresTime: option(timeCodec),
  audience: list(nodeIdCodec, audienceMax),
});
type CreatePayload = ReturnType<(typeof createPayload)["read"]>;

/** Records a credential. Nobody can make one that may do more than its maker. */
export const credentialCreate = defineKind({
  tag: 12,
  payload: createPayload,
  result: struct({}),
  authority: "credentials",
  scope: actorScope,
  apply: (context, payload) => {
    const { state, actor, time, height } = context;
    const refusal = refuseTerms(context, payload);
    if (refusal !== undefined) return rejected(refusal);
    const { id, kind, scopes, label, expiresTime, audience } = payload;
    const number = nextNumber(state, "credential");
    writeRow(state, tables.credentialTable, id, {
      account: actor,
      number,
      kind,
      scopes,
      label,
      createdTime: time,
      createdHeight: height,
      expiresTime,
      audience,
    });
    writeRow(state, tables.accountCredentialTable, { account: actor, number }, id);
    addToTally(state, "credentials", actor, 1);
    if (expiresTime !== undefined)
      writeRow(state, tables.expiryTable, { time: expiresTime, kind: "credential", subject: id }, {});
    return applied({});
  },
});

function refuseTerms(context: ActContext, payload: CreatePayload): RejectionCode | undefined {
  const { state, forge, actor, time } = context;
  const { id, kind, scopes, expiresTime, audience } = payload;
  if (readRow(state, tables.credentialTable, id) !== undefined) return "credential-taken";
  if (tallyOf(state, "credentials", actor) >= credentialsPerAccountMax) return "credential-limit";
  if ((scopes & ~allScopes) !== 0) return "credential-scope-exceeded";
  if (expiresTime !== undefined && expiresTime <= time) return "expiry-invalid";
  if (kind === "session" && (expiresTime === undefined || expiresTime > time + sessionLifeMsMax))
    return "expiry-invalid";
  if (audience.length === 0 || new Set(audience).size !== audience.length) return "audience-invalid";
  if (!audience.every((node) => forge.isDelegated(actor, node))) return "audience-not-delegated";
  const own = context.credential === undefined ? undefined : forge.credential(context.credential);
  const nodes = own?.audience ?? [context.admittedBy];
  if (!audience.every((node) => nodes.includes(node))) return "audience-not-delegated";
  return own !== undefined && !scopesCover(own.scopes, scopes) ? "credential-scope-exceeded" : undefined;
}

/** Makes a credential good at further homes of its account. Only the person's own key can say so: no node vouches for another. */
export const credentialShare = defineKind({
  tag: 19,
  payload: struct({ id: digestCodec, nodes: list(nodeIdCodec, audienceMax) }),
  result: struct({}),
  authority: "personal-root",
  scope: actorScope,
  apply: ({ state, forge, actor }, { id, nodes }) => {
    const found = forge.credential(id);
    if (found === undefined || found.account !== actor) return rejected("not-found");
    const { id: _id, ...row } = found;
    const audience = [...row.audience, ...nodes];
    const isSound = nodes.length > 0 && audience.length <= audienceMax && new Set(audience).size === audience.length;
    if (!isSound) return rejected("audience-invalid");
    if (!nodes.every((node) => forge.isDelegated(actor, node))) return rejected("audience-not-delegated");
    if (!nodes.every((node) => forge.isAdmitted(node, row.createdHeight))) return rejected("node-unknown");
    writeRow(state, tables.credentialTable, id, { ...row, audience });
    return applied({});
  },
});

/** Ends a credential. Each may end itself; others need the scope for it. */
export const credentialRevoke = defineKind({
  tag: 13,
  payload: struct({ id: digestCodec }),
  result: struct({}),
  authority: "any-or-delegated",
  scope: actorScope,
  apply: ({ state, forge, actor, authority, credential }, { id }) => {
    const isSelf = credential !== undefined && equalBytes(credential, id);
    if (authority.type === "credential" && !isSelf && !scopesAllow(authority.scopes, "manage-credentials")) {
      return rejected("scope-missing");
    }
    const found = forge.storedCredential(id);
    if (found === undefined || found.account !== actor) return rejected("not-found");
    removeCredential(state, found);
    return applied({});
  },
});

/** Removes a credential's rows. */
export function removeCredential(state: Overlay, credential: Credential): void {
  const { account, number, id, expiresTime } = credential;
  removeRow(state, tables.credentialTable, id);
  removeRow(state, tables.accountCredentialTable, { account, number });
  addToTally(state, "credentials", account, -1);
  if (expiresTime !== undefined)
    removeRow(state, tables.expiryTable, { time: expiresTime, kind: "credential", subject: id });
}
