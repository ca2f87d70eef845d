import type { AccountStanding } from "@guts/api";
import { ledgerLimits, type Account } from "@guts/ledger";

import { notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { isAdministrator } from "../../use-cases/administration.ts";
import { optionsOf } from "../../use-cases/change-repositories.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { requireApplied } from "../../use-cases/rejection.ts";
import { assertShort, Texts } from "../../use-cases/texts.ts";
import { isoTime } from "../iso-time.ts";

type Name =
  | `${"PUT" | "DELETE"} /api/v3/users/{username}/suspended`
  | "GET /api/guts/accounts/{handle}/standing"
  | "PUT /api/guts/accounts/{handle}/budget";

/** What administrators of the network do about accounts. The ledger decides; these doors only carry it there. */
export function administrationHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, transactions } = services;
  return {
    "PUT /api/v3/users/{username}/suspended": async (call) => {
      const { reason = "" } = call.body;
      assertShort("reason", reason, ledgerLimits.reasonBytesMax);
      const payload = { account: requireAccount(services, call.path.username).id, reason };
      const outcome = await transactions.submit({ kind: "account.suspend", payload }, optionsOf(call));
      return { status: 204, body: undefined, height: requireApplied(outcome).height };
    },
    "DELETE /api/v3/users/{username}/suspended": async (call) => {
      const payload = { account: requireAccount(services, call.path.username).id };
      const outcome = await transactions.submit({ kind: "account.unsuspend", payload }, optionsOf(call));
      return { status: 204, body: undefined, height: requireApplied(outcome).height };
    },
    "GET /api/guts/accounts/{handle}/standing": ({ actor, path }) => {
      const account = requireAccount(services, path.handle);
      if (account.id !== actor.account.id && !isAdministrator(actor)) throw notFound();
      return { status: 200, body: standingOf(services, account) };
    },
    "PUT /api/guts/accounts/{handle}/budget": async (call) => {
      const account = requireAccount(services, call.path.handle);
      const subject = { type: "account", account: account.id } as const;
      const texts = new Texts(services.random, ledgerLimits.reasonBytesMax);
      const reason = texts.ref("reason", call.body.reason);
      const payload = { subject, rule: call.body.rule ?? undefined, reason };
      const outcome = await transactions.submit({ kind: "budget.change", payload }, optionsOf(call, { texts }));
      const { height } = requireApplied(outcome);
      return { status: 200, body: standingOf({ ledger }, account), height };
    },
  };
}

function requireAccount({ ledger }: Pick<Services, "ledger">, handle: string): Account {
  const found = findAccount(ledger.state(), handle);
  if (found === undefined) throw notFound();
  return found.account;
}

function standingOf({ ledger }: Pick<Services, "ledger">, { id }: Account): AccountStanding {
  const state = ledger.state();
  const { refilledTime: _time, ...left } = state.accountBudget(id, ledger.time());
  const suspension = state.suspension(id);
  return {
    left,
    rule: state.accountBudgetRule(id),
    isUsual: !state.hasOwnBudgetRule(id),
    suspension:
      suspension === undefined
        ? null
        : {
            reason: suspension.reason,
            by: state.account(suspension.by)?.handle ?? "",
            at: isoTime(suspension.time),
            height: suspension.height,
          },
  };
}
