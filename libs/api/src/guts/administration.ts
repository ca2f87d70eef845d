import { Type, type Static } from "typebox";

import { SinceQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { Nullable, Timestamp } from "../schema.ts";

const Amounts = Type.Object({
  transactions: Type.Integer({ minimum: 0 }),
  bytes: Type.Integer({ minimum: 0 }),
  accounts: Type.Integer({ minimum: 0 }),
  repositories: Type.Integer({ minimum: 0 }),
});

/** How large a budget is and what it regains each minute of block time. */
export const BudgetRule = Type.Object({ capacity: Amounts, refillPerMinute: Amounts }, { title: "BudgetRule" });
export type BudgetRule = Static<typeof BudgetRule>;

const Suspended = Type.Object({
  reason: Type.String(),
  by: Type.String(),
  at: Timestamp(),
  height: Type.Integer(),
});

/** What a node may still admit to the ledger for others. */
export const NodeStanding = Type.Object(
  {
    /** As of the newest block. */
    left: Amounts,
    rule: BudgetRule,
    /** Whether no administrator has changed the rule. */
    isUsual: Type.Boolean(),
  },
  { title: "NodeStanding" },
);
export type NodeStanding = Static<typeof NodeStanding>;

/** What an account may still write to the ledger, and whether it is stopped. */
export const AccountStanding = Type.Object(
  { ...NodeStanding.properties, suspension: Nullable(Suspended) },
  { title: "AccountStanding" },
);
export type AccountStanding = Static<typeof AccountStanding>;

/** A new rule, or null for the usual one, and why. The budget is full by the new rule at once. */
export const BudgetChange = Type.Object({ rule: Nullable(BudgetRule), reason: Type.Optional(Type.String()) });
export type BudgetChange = Static<typeof BudgetChange>;

/** An account as administrators of the network see it. */
export const AdministeredAccount = Type.Object(
  {
    id: Type.Integer(),
    handle: Type.String(),
    name: Nullable(Type.String()),
    isOrganization: Type.Boolean(),
    isAdministrator: Type.Boolean(),
    createdAt: Timestamp(),
    suspension: Nullable(Suspended),
    /** Whether no administrator has changed its budget. */
    isUsual: Type.Boolean(),
  },
  { title: "AdministeredAccount" },
);
export type AdministeredAccount = Static<typeof AdministeredAccount>;

/** By id from `since` on; with `query` those whose handle begins so, by handle, on one page. */
export const AccountsQuery = Type.Object({
  ...SinceQuery.properties,
  query: Type.Optional(Type.String({ maxLength: 39 })),
  suspended: Type.Optional(Type.Boolean({ default: false })),
});
export type AccountsQuery = Static<typeof AccountsQuery>;

/** What administrators of the network see and change of accounts and nodes. */
export const administrationRoutes = defineRoutes({
  "GET /api/guts/accounts": {
    operationId: "administration/list-accounts",
    summary: "Accounts of the network, or those that are suspended: to administrators",
    access: "signed-in",
    query: AccountsQuery,
    responses: { 200: Type.Array(AdministeredAccount) },
  },
  "GET /api/guts/accounts/{handle}": {
    operationId: "administration/get-account",
    summary: "An account as administrators see it",
    access: "signed-in",
    responses: { 200: AdministeredAccount },
  },
  "GET /api/guts/accounts/{handle}/standing": {
    operationId: "administration/get-standing",
    summary: "What an account may still write, and whether it is suspended: to itself and to administrators",
    access: "signed-in",
    responses: { 200: AccountStanding },
  },
  "PUT /api/guts/accounts/{handle}/budget": {
    operationId: "administration/set-budget",
    summary: "Change what an account may write; administrators of the network only",
    access: "signed-in",
    body: BudgetChange,
    responses: { 200: AccountStanding },
  },
  "GET /api/guts/nodes/{node_id}/standing": {
    operationId: "administration/get-node-standing",
    summary: "What a node may still admit for others: to administrators",
    access: "signed-in",
    responses: { 200: NodeStanding },
  },
  "PUT /api/guts/nodes/{node_id}/budget": {
    operationId: "administration/set-node-budget",
    summary: "Change what a node may admit; administrators of the network only",
    access: "signed-in",
    body: BudgetChange,
    responses: { 200: NodeStanding },
  },
});
