import type { AccessReason } from "@guts/api";
import { refuseTeamAction, resolvePermission, type PermissionGrant } from "@guts/governance";
import type { ForgeState } from "@guts/ledger";

import type { SignedInActor } from "../../auth/actor.ts";
import { notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { openRepository } from "../../use-cases/open-repository.ts";

type Name = "GET /api/guts/repos/{owner}/{repo}/access/{username}";

/** Why somebody may do what they may with a repository: told to themselves, and to who administers it. */
export function accessHandlers({ ledger }: Pick<Services, "ledger">): Pick<RouteHandlers, Name> {
  return {
    "GET /api/guts/repos/{owner}/{repo}/access/{username}": ({ path, actor }) => {
      const state = ledger.state();
      const account = findAccount(state, path.username)?.account;
      const isSelf = account?.id === actor.account.id;
      const { repository } = openRepository(ledger, actor, path, isSelf ? "read" : "read-administration");
      if (account === undefined || account.isOrganization) throw notFound();
      const resolved = resolvePermission(state.grants(repository, account.id));
      const reasons = resolved.grants.map((grant) => reasonOf(state, actor, grant));
      const { permission } = resolved;
      return { status: 200, body: { login: account.handle, permission, decidedBy: reasons[0] ?? null, reasons } };
    },
  };
}

function reasonOf(state: ForgeState, actor: SignedInActor, grant: PermissionGrant): AccessReason {
  const { source, permission } = grant;
  return { source, permission, text: textOf(state, actor, grant) };
}

function textOf(state: ForgeState, actor: SignedInActor, grant: PermissionGrant): string {
  switch (grant.source) {
    case "owner":
      return "owns the repository";
    case "organization-owner":
      return `is an owner of ${handleOf(state, grant.organization)}`;
    case "collaborator":
      return `is a collaborator with the role ${grant.permission}`;
    case "team":
      return teamText(state, actor, grant);
    case "organization-member":
      return `is a member of ${handleOf(state, grant.organization)}, whose members have ${grant.permission}`;
    default:
      return "everybody reads a public repository";
  }
}

function teamText(
  state: ForgeState,
  actor: SignedInActor,
  { team, through, permission }: Extract<PermissionGrant, { source: "team" }>,
): string {
  const parent = teamName(state, actor, team);
  if (through === undefined) return `is a member of ${parent}, which has the role ${permission}`;
  return `is a member of ${teamName(state, actor, through)}, a child of ${parent}, which has the role ${permission}`;
}

/** A secret team is named to those who may know of it. */
function teamName(
  state: ForgeState,
  { account, scopes }: SignedInActor,
  id: Parameters<typeof state.organizations.team>[0],
) {
  const team = state.organizations.team(id)!;
  const refusal = refuseTeamAction(state.organizations.teamAccess(team, account.id, scopes), "read");
  return refusal === undefined ? `the team ${team.name}` : "a team that you may not see";
}

function handleOf(state: ForgeState, id: Parameters<ForgeState["account"]>[0]): string {
  return state.account(id)?.handle ?? "an organization";
}
