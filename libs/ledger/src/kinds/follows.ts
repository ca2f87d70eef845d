/** Following: whose work somebody wants to hear of. */
import { accountIdCodec, struct } from "@guts/primitives";
import { scopesAllow } from "@guts/governance";
import { actorScope, applied, defineKind, rejected, scopesOf, type ActContext } from "../kind.ts";
import { followingMax } from "../limits.ts";
import type { RejectionCode } from "../rejection.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";

const payload = struct({ account: accountIdCodec });

/** Begins to follow a person or an organization. */
export const accountFollow = defineKind({
  tag: 5,
  payload,
  result: struct({}),
  authority: "any",
  scope: actorScope,
  apply: (context, { account: followed }) => {
    const { state, forge, actor: account, time } = context;
    const refusal = refuseScope(context);
    if (refusal !== undefined) return rejected(refusal);
    if (followed === account) return rejected("follows-self");
    if (forge.account(followed)?.status !== "active") return rejected("account-unknown");
    if (readRow(state, tables.followTable, { account, followed }) !== undefined) return rejected("already-so");
    if (tallyOf(state, "following", account) >= followingMax) return rejected("follow-limit");
    writeRow(state, tables.followTable, { account, followed }, { sinceTime: time });
    addToTally(state, "following", account, 1);
    addToTally(state, "followers", followed, 1);
    return applied({});
  },
});

/** Follows no longer. */
export const accountUnfollow = defineKind({
  tag: 6,
  payload,
  result: struct({}),
  authority: "any",
  scope: actorScope,
  apply: (context, { account: followed }) => {
    const { state, actor: account } = context;
    const refusal = refuseScope(context);
    if (refusal !== undefined) return rejected(refusal);
    if (readRow(state, tables.followTable, { account, followed }) === undefined) return rejected("already-so");
    removeRow(state, tables.followTable, { account, followed });
    addToTally(state, "following", account, -1);
    addToTally(state, "followers", followed, -1);
    return applied({});
  },
});

function refuseScope({ authority }: ActContext): RejectionCode | undefined {
  const scopes = scopesOf(authority);
  return scopes === undefined || scopesAllow(scopes, "follow") ? undefined : "scope-missing";
}
