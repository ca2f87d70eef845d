/** State of what administrators of the network decide: budgets, suspensions, invitations. */
import {
  accountIdCodec,
  bool,
  heightCodec,
  nodeIdCodec,
  publicKeyCodec,
  struct,
  text,
  timeCodec,
  u32,
  u64,
  type Decoded,
} from "@guts/primitives";
import { reasonBytesMax } from "./limits.ts";
import { defineTable as table } from "./table.ts";

/** Invitations to the network that open several accounts, by the key that the invited people sign with. */
export const networkInvitationOfferTable = table("invitation-offer", 0x6d, {
  key: publicKeyCodec,
  value: struct({
    invitedBy: accountIdCodec,
    createdTime: timeCodec,
    expiresTime: timeCodec,
    uses: u32,
    usesLeft: u32,
    /** Whether it is good while registration is closed. */
    isForClosed: bool,
  }),
});
/** The key of an invitation to the network. */
export type NetworkInvitationKey = Decoded<(typeof networkInvitationOfferTable)["key"]>;
/** An invitation to the network, of several uses. */
export type NetworkInvitationOfferRow = Decoded<(typeof networkInvitationOfferTable)["value"]>;

/** Who follows whom. */
export const followTable = table("follow", 0x07, {
  key: struct({ account: accountIdCodec, followed: accountIdCodec }),
  value: struct({ sinceTime: timeCodec }),
});

const budgetCodec = struct({
  transactions: u64,
  bytes: u64,
  accounts: u64,
  repositories: u64,
  refilledTime: timeCodec,
});
/** What accounts, and nodes that admit for them, may still add. */
export const accountBudgetTable = table("account-budget", 0x30, { key: accountIdCodec, value: budgetCodec });
export const nodeBudgetTable = table("node-budget", 0x31, { key: nodeIdCodec, value: budgetCodec });

const budgetAmountsCodec = struct({ transactions: u64, bytes: u64, accounts: u64, repositories: u64 });
/** How large a budget is and what it regains each minute. */
export const budgetRuleCodec = struct({ capacity: budgetAmountsCodec, refillPerMinute: budgetAmountsCodec });
/** Budgets that administrators changed; without a row the usual rule holds. */
export const accountBudgetRuleTable = table("account-budget-rule", 0x69, {
  key: accountIdCodec,
  value: budgetRuleCodec,
});
export const nodeBudgetRuleTable = table("node-budget-rule", 0x6a, { key: nodeIdCodec, value: budgetRuleCodec });

/** Accounts that administrators have stopped. */
export const suspensionTable = table("suspension", 0x68, {
  key: accountIdCodec,
  value: struct({ by: accountIdCodec, reason: text(reasonBytesMax), time: timeCodec, height: heightCodec }),
});
/** Who stopped an account, when and why. */
export type SuspensionRow = Decoded<(typeof suspensionTable)["value"]>;
