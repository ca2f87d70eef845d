/** What administrators do about accounts and budgets. It takes effect with the next transaction of the same block. */
import { accountIdCodec, nodeIdCodec, option, struct, text, union, type AccountId } from "@guts/primitives";
import { refuseAdministration, refuseBudgetRule, type BudgetRule } from "@guts/governance";
import { contentRefCodec } from "../content.ts";
import { applied, boundedRefs, defineKind, rejected, type ActContext, type ActOutcome } from "../kind.ts";
import { reasonBytesMax } from "../limits.ts";
import type { RejectionCode } from "../rejection.ts";
import { readRow, removeRow, writeRow, type Table } from "../table.ts";
import * as tables from "../tables.ts";

const networkScope = () => ({ type: "network", id: 0 }) as const;

/** Stops an account: its keys, credentials and delegations authorize nothing until it is let go. What it owns stays. */
export const accountSuspend = defineKind({
  tag: 110,
  payload: struct({ account: accountIdCodec, reason: text(reasonBytesMax) }),
  result: struct({}),
  authority: "administer-site",
  scope: networkScope,
  apply: (context, { account, reason }) => {
    const { state, forge, actor, time, height } = context;
    const refusal = refuseAdministration({ ...factsOf(context), target: account });
    if (refusal !== undefined) return rejected(refusal);
    if (forge.account(account)?.status !== "active") return rejected("account-unknown");
    if (forge.suspension(account) !== undefined) return rejected("already-so");
    writeRow(state, tables.suspensionTable, account, { by: actor, reason, time, height });
    return applied({});
  },
});

/** Lets a suspended account act again, with the keys, credentials and delegations that it has. */
export const accountUnsuspend = defineKind({
  tag: 111,
  payload: struct({ account: accountIdCodec }),
  result: struct({}),
  authority: "administer-site",
  scope: networkScope,
  apply: (context, { account }) => endSuspension(context, account),
});

/** The same with a reason. */
export const accountReinstate = defineKind({
  tag: 94,
  payload: struct({ account: accountIdCodec, reason: option(contentRefCodec) }),
  result: struct({}),
  authority: "administer-site",
  contents: ({ reason }) => boundedRefs([reason], reasonBytesMax),
  scope: networkScope,
  apply: (context, { account }) => endSuspension(context, account),
});

function endSuspension(context: ActContext, account: AccountId): ActOutcome<object> {
  const refusal = refuseAdministration({ ...factsOf(context), target: account });
  if (refusal !== undefined) return rejected(refusal);
  if (context.forge.suspension(account) === undefined) return rejected("already-so");
  removeRow(context.state, tables.suspensionTable, account);
  return applied({});
}

const subjectCodec = union({
  account: [1, struct({ account: accountIdCodec })],
  node: [2, struct({ node: nodeIdCodec })],
});
type Subject = ReturnType<(typeof subjectCodec)["read"]>;

/** Gives one account or node another budget, or the usual one again. What is left of the present one stays until it is refilled. */
export const budgetSet = defineKind({
  tag: 112,
  payload: struct({ subject: subjectCodec, rule: option(tables.budgetRuleCodec) }),
  result: struct({}),
  authority: "administer-site",
  scope: networkScope,
  apply: (context, { subject, rule }) => {
    const refusal = setRule(context, subject, rule);
    return refusal === undefined ? applied({}) : rejected(refusal);
  },
});

/** The same with a reason; the budget is full by the new rule from the next transaction on. */
export const budgetChange = defineKind({
  tag: 119,
  payload: struct({ subject: subjectCodec, rule: option(tables.budgetRuleCodec), reason: option(contentRefCodec) }),
  result: struct({}),
  authority: "administer-site",
  contents: ({ reason }) => boundedRefs([reason], reasonBytesMax),
  scope: networkScope,
  apply: (context, { subject, rule }) => {
    const refusal = setRule(context, subject, rule);
    if (refusal !== undefined) return rejected(refusal);
    // A budget without a row is full.
    if (subject.type === "account") removeRow(context.state, tables.accountBudgetTable, subject.account);
    else removeRow(context.state, tables.nodeBudgetTable, subject.node);
    return applied({});
  },
});

function setRule(context: ActContext, subject: Subject, rule: BudgetRule | undefined): RejectionCode | undefined {
  const refusal = refuseAdministration(factsOf(context)) ?? refuseSubject(context, subject);
  if (refusal !== undefined) return refusal;
  const small = rule === undefined ? undefined : refuseBudgetRule(rule);
  if (small !== undefined) return small;
  return subject.type === "account"
    ? putRule(context, tables.accountBudgetRuleTable, subject.account, rule)
    : putRule(context, tables.nodeBudgetRuleTable, subject.node, rule);
}

function putRule<Key>(
  { state }: ActContext,
  table: Table<Key, BudgetRule>,
  key: Key,
  rule: BudgetRule | undefined,
): RejectionCode | undefined {
  if (rule !== undefined) writeRow(state, table, key, rule);
  else if (readRow(state, table, key) === undefined) return "already-so";
  else removeRow(state, table, key);
  return undefined;
}

function refuseSubject({ forge }: ActContext, subject: Subject): RejectionCode | undefined {
  if (subject.type === "account") return forge.account(subject.account) === undefined ? "account-unknown" : undefined;
  return forge.node(subject.node) === undefined ? "node-unknown" : undefined;
}

function factsOf({ forge, actor }: ActContext) {
  return { actor, isAdministrator: forge.account(actor)?.isAdministrator === "yes" };
}
