/**
 * Signing in at a node that is not home.
 *
 * A home node, which knows its person, records a *voucher* for one other node. Its id is the digest of a code together with
 * a request that the other node's browser drew, so a code is worth something only in the browser that began. The other node
 * shows the code once and records a *visit*: a session whose secret it drew itself, as every node does, so nobody can take
 * over the digest of another person's former token.
 */
import { digestCodec, digestOf, nodeIdCodec, struct, text, timeCodec, u32, type Digest } from "@guts/primitives";
import { isForVisits, scopesCover } from "@guts/governance";
import { actorScope, applied, defineKind, rejected, type ActContext } from "../kind.ts";
import { credentialsPerAccountMax, labelBytesMax, visitLifeMsMax, voucherLifeMsMax } from "../limits.ts";
import type { RejectionCode } from "../rejection.ts";
import { readRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { tallyOf } from "../tally.ts";
import { removeCredential, writeCredential } from "./credentials.ts";

/** What a sign-in asks for at home: the digest of a number that only the browser that began it has. */
export function signInRequestOf(browserSecret: Uint8Array): Digest {
  return digestOf("signInRequest", browserSecret);
}

/** The id of the voucher that a code is for a request. */
export function voucherIdOf(request: Digest, code: Uint8Array): Digest {
  return digestOf("signInCode", request, code);
}

const voucherPayload = struct({
  id: digestCodec,
  /** The node where the person wants to sign in; its word alone is taken that it saw the code. */
  node: nodeIdCodec,
  scopes: u32,
  expiresTime: timeCodec,
});
type VoucherPayload = ReturnType<(typeof voucherPayload)["read"]>;

/** Lets whoever brings the code sign in, once, at one other node. */
export const voucherCreate = defineKind({
  tag: 113,
  payload: voucherPayload,
  result: struct({}),
  authority: "credentials",
  scope: actorScope,
  apply: (context, payload) => {
    const refusal = refuseVoucher(context, payload);
    if (refusal !== undefined) return rejected(refusal);
    const { id, node, scopes, expiresTime } = payload;
    writeCredential(context, { id, kind: "voucher", scopes, label: "", expiresTime, audience: [node] });
    const { admittedBy: vouchedBy, height: vouchedHeight } = context;
    writeRow(context.state, tables.vouchedCredentialTable, id, { vouchedBy, vouchedHeight });
    return applied({});
  },
});

function refuseVoucher(context: ActContext, payload: VoucherPayload): RejectionCode | undefined {
  const { state, forge, actor, authority, admittedBy, time, height } = context;
  const { id, node, scopes, expiresTime } = payload;
  if (readRow(state, tables.credentialTable, id) !== undefined) return "credential-taken";
  if (tallyOf(state, "credentials", actor) >= credentialsPerAccountMax) return "credential-limit";
  if (!isForVisits(scopes)) return "credential-scope-exceeded";
  if (expiresTime <= time || expiresTime > time + voucherLifeMsMax) return "expiry-invalid";
  if (node === admittedBy) return "audience-invalid";
  if (!forge.isAdmitted(node, height)) return "node-unknown";
  if (authority.type !== "credential") return undefined;
  const { scopes: held } = authority;
  return typeof held === "number" && scopesCover(held, scopes) ? undefined : "credential-scope-exceeded";
}

/** Turns a voucher into a session at the node that it names, and uses it up. */
export const voucherRedeem = defineKind({
  tag: 114,
  payload: struct({ id: digestCodec, label: text(labelBytesMax), expiresTime: timeCodec }),
  result: struct({}),
  authority: "voucher",
  scope: actorScope,
  apply: (context, { id, label, expiresTime }) => {
    const { state, forge, time } = context;
    const voucher = forge.credential(context.credential!)!;
    if (readRow(state, tables.credentialTable, id) !== undefined) return rejected("credential-taken");
    if (expiresTime <= time || expiresTime > time + visitLifeMsMax) return rejected("expiry-invalid");
    const vouching = forge.vouching(voucher.id)!;
    removeCredential(state, voucher);
    const { scopes, audience } = voucher;
    writeCredential(context, { id, kind: "visit", scopes, label, expiresTime, audience });
    writeRow(state, tables.vouchedCredentialTable, id, vouching);
    return applied({});
  },
});
