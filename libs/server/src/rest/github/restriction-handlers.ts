import type { ProtectionActors } from "@guts/governance";

import { Refusal } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import type { ChangeRequest } from "../../use-cases/change-repositories.ts";
import { accountsOf, teamsOf } from "../../use-cases/protection-actors.ts";
import { presentRestrictions } from "./present-protection.ts";
import { changeOwnRule, openBranch, requireRule, type BranchCall, type OpenedBranch } from "./protection-handlers.ts";

type Restrictions = "/api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions";
type Verb = "POST" | "PUT" | "DELETE";
type Name =
  | `${"GET" | "DELETE"} ${Restrictions}`
  | `GET ${Restrictions}/${"users" | "teams"}`
  | `${Verb} ${Restrictions}/${"users" | "teams"}`;

type ChangeCall = BranchCall & ChangeRequest;

/** Who alone may push to a branch, in GitHub's shapes. */
export function restrictionHandlers(services: Services): Pick<RouteHandlers, Name> {
  const show = (call: BranchCall) => {
    const opened = openBranch(services, call);
    return requireRestrictions(presentRestrictions(requireRule(opened).settings, opened.place));
  };
  const users = async (call: ChangeCall & { readonly body: UserNames }, verb: Verb) => {
    const handles = "users" in call.body ? call.body.users : call.body;
    const change = (pushers: ProtectionActors, { state }: OpenedBranch) => {
      const named = accountsOf(state, { handles, field: "users" });
      return { ...pushers, accounts: combine(verb, pushers.accounts, named) };
    };
    const { restrictions, extra } = await changePushers(services, call, change);
    return { status: 200 as const, body: restrictions.users, ...extra };
  };
  const teams = async (call: ChangeCall & { readonly body: TeamNames }, verb: Verb) => {
    const slugs = "teams" in call.body ? call.body.teams : call.body;
    const change = (pushers: ProtectionActors, { state, repository }: OpenedBranch) => {
      const named = teamsOf(state, repository, { slugs, field: "teams" });
      return { ...pushers, teams: combine(verb, pushers.teams, named) };
    };
    const { restrictions, extra } = await changePushers(services, call, change);
    return { status: 200 as const, body: restrictions.teams, ...extra };
  };
  return {
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions": (call) => ({
      status: 200,
      body: show(call),
    }),
    "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions": async (call) => {
      const { extra } = await changeOwnRule(services, call, (before) => ({ ...before, pushers: undefined }));
      return { status: 204, body: undefined, ...extra };
    },
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": (call) => ({
      status: 200,
      body: show(call).users,
    }),
    "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": (call) => users(call, "POST"),
    "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": (call) => users(call, "PUT"),
    "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": (call) =>
      users(call, "DELETE"),
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": (call) => ({
      status: 200,
      body: show(call).teams,
    }),
    "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": (call) => teams(call, "POST"),
    "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": (call) => teams(call, "PUT"),
    "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": (call) =>
      teams(call, "DELETE"),
  };
}

type UserNames = readonly string[] | { readonly users: readonly string[] };
type TeamNames = readonly string[] | { readonly teams: readonly string[] };

async function changePushers(
  services: Services,
  call: ChangeCall,
  change: (pushers: ProtectionActors, opened: OpenedBranch) => ProtectionActors,
) {
  const { settings, place, extra } = await changeOwnRule(services, call, (before, opened) => {
    if (before.pushers === undefined) throw noRestrictions();
    return { ...before, pushers: change(before.pushers, opened) };
  });
  return { restrictions: requireRestrictions(presentRestrictions(settings, place)), extra };
}

function combine<Id>(verb: Verb, before: readonly Id[], named: readonly Id[]): readonly Id[] {
  if (verb === "PUT") return named;
  const others = before.filter((id) => !named.includes(id));
  return verb === "POST" ? [...before, ...named.filter((id) => !before.includes(id))] : others;
}

function requireRestrictions<Restricted>(found: Restricted | undefined): Restricted {
  if (found === undefined) throw noRestrictions();
  return found;
}

function noRestrictions(): Refusal {
  return new Refusal("not-found", "Push restrictions not enabled");
}
