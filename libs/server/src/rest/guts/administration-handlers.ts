import type { AccountStanding, BudgetChange, NodeStanding } from "@guts/api";
import { ledgerLimits, type Account } from "@guts/ledger";
import { parseNodeId, type Height, type NodeId } from "@guts/primitives";

import { invalidField, notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { isAdministrator, requireAdministrator } from "../../use-cases/administration.ts";
import { administeredAccounts, presentSuspension } from "../../use-cases/administered-accounts.ts";
import { optionsOf, type ChangeRequest } from "../../use-cases/change-repositories.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { requireApplied } from "../../use-cases/rejection.ts";
import { contentsOf, requireKind } from "../../use-cases/signed-transaction.ts";
import { assertShort, Texts } from "../../use-cases/texts.ts";
import { presentSimpleUser } from "../github/present-user.ts";
import { Urls } from "../github/urls.ts";
import { sinceLink } from "../paging.ts";

type Name =
  | "POST /api/v3/admin/users"
  | `${"PUT" | "DELETE"} /api/v3/users/{username}/suspended`
  | "GET /api/guts/accounts"
  | "GET /api/guts/accounts/{handle}"
  | "GET /api/guts/accounts/{handle}/standing"
  | "PUT /api/guts/accounts/{handle}/budget"
  | "GET /api/guts/nodes/{node_id}/standing"
  | "PUT /api/guts/nodes/{node_id}/budget";

/** What administrators of the network do about accounts and nodes. The ledger decides; these doors only carry it there. */
export function administrationHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, transactions } = services;
  const listed = administeredAccounts(services);
  return {
    ...suspensionHandlers(services),
    "POST /api/v3/admin/users": async ({ actor, body, baseUrl, signal }) => {
      requireAdministrator(actor);
      const signed = requireKind(body.envelope, "account.create");
      if (signed.payload.handle !== body.login)
        throw invalidField({ resource: "User", field: "login", message: "is not the handle that was signed" });
      const outcome = await transactions.submitSigned(signed.bytes, contentsOf(body), signal);
      const { height } = requireApplied(outcome);
      const account = requireAccount(services, body.login);
      return { status: 201, body: presentSimpleUser(account, new Urls(baseUrl)), height };
    },
    "GET /api/guts/accounts": async (call) => {
      requireAdministrator(call.actor);
      const { accounts, last } = await listed.page(call.query, call.signal);
      return { status: 200, body: [...accounts], headers: sinceLink(last, call) };
    },
    "GET /api/guts/accounts/{handle}": ({ actor, path }) => {
      requireAdministrator(actor);
      return { status: 200, body: listed.present(requireAccount(services, path.handle)) };
    },
    "GET /api/guts/accounts/{handle}/standing": ({ actor, path }) => {
      const account = requireAccount(services, path.handle);
      if (account.id !== actor.account.id && !isAdministrator(actor)) throw notFound();
      return { status: 200, body: standingOf(services, account) };
    },
    "PUT /api/guts/accounts/{handle}/budget": async (call) => {
      const account = requireAccount(services, call.path.handle);
      const height = await changeBudget(services, call, { type: "account", account: account.id });
      return { status: 200, body: standingOf({ ledger }, account), height };
    },
    "GET /api/guts/nodes/{node_id}/standing": ({ actor, path }) => {
      requireAdministrator(actor);
      return { status: 200, body: nodeStandingOf(services, requireNode(services, path.node_id)) };
    },
    "PUT /api/guts/nodes/{node_id}/budget": async (call) => {
      const node = requireNode(services, call.path.node_id);
      const height = await changeBudget(services, call, { type: "node", node });
      return { status: 200, body: nodeStandingOf(services, node), height };
    },
  };
}

function suspensionHandlers(
  services: Services,
): Pick<RouteHandlers, `${"PUT" | "DELETE"} /api/v3/users/{username}/suspended`> {
  const { transactions, random } = services;
  return {
    "PUT /api/v3/users/{username}/suspended": async (call) => {
      const { reason = "" } = call.body;
      assertShort("reason", reason, ledgerLimits.reasonBytesMax);
      const payload = { account: requireAccount(services, call.path.username).id, reason };
      const outcome = await transactions.submit({ kind: "account.suspend", payload }, optionsOf(call));
      return { status: 204, body: undefined, height: requireApplied(outcome).height };
    },
    "DELETE /api/v3/users/{username}/suspended": async (call) => {
      const { id: account } = requireAccount(services, call.path.username);
      const texts = new Texts(random, ledgerLimits.reasonBytesMax);
      const reason = texts.ref("reason", call.body.reason);
      const command = { kind: "account.reinstate", payload: { account, reason } } as const;
      const outcome = await transactions.submit(command, optionsOf(call, { texts }));
      return { status: 204, body: undefined, height: requireApplied(outcome).height };
    },
  };
}

type Subject =
  | { readonly type: "account"; readonly account: Account["id"] }
  | { readonly type: "node"; readonly node: NodeId };

/** Submits a new rule for somebody's budget; the height at which it holds. */
async function changeBudget(
  { transactions, random }: Services,
  call: ChangeRequest & { readonly body: BudgetChange },
  subject: Subject,
): Promise<Height> {
  const texts = new Texts(random, ledgerLimits.reasonBytesMax);
  const reason = texts.ref("reason", call.body.reason);
  const payload = { subject, rule: call.body.rule ?? undefined, reason };
  return requireApplied(await transactions.submit({ kind: "budget.change", payload }, optionsOf(call, { texts })))
    .height;
}

function requireAccount({ ledger }: Pick<Services, "ledger">, handle: string): Account {
  const found = findAccount(ledger.state(), handle);
  if (found === undefined) throw notFound();
  return found.account;
}

function requireNode({ ledger }: Pick<Services, "ledger">, text: string): NodeId {
  const node = parseNodeId(text);
  if (node === undefined || ledger.state().node(node) === undefined) throw notFound();
  return node;
}

function standingOf({ ledger }: Pick<Services, "ledger">, { id }: Account): AccountStanding {
  const state = ledger.state();
  const { refilledTime: _time, ...left } = state.accountBudget(id, ledger.time());
  const rule = state.accountBudgetRule(id);
  return { left, rule, isUsual: !state.hasOwnBudgetRule(id), suspension: presentSuspension(state, id) };
}

function nodeStandingOf({ ledger }: Pick<Services, "ledger">, id: NodeId): NodeStanding {
  const state = ledger.state();
  const { refilledTime: _time, ...left } = state.nodeBudget(id, ledger.time());
  return { left, rule: state.nodeBudgetRule(id), isUsual: !state.hasOwnNodeBudgetRule(id) };
}
