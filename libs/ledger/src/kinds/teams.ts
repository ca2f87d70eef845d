/** Teams: make, describe, nest by one level, delete. */
import {
  accountIdCodec,
  encode,
  option,
  struct,
  teamIdCodec,
  teamSlugOf,
  type AccountId,
  type TeamId,
} from "@guts/primitives";
import type { TeamPrivacy } from "@guts/governance";
import { changedText, contentRefCodec, textChangeCodec } from "../content.ts";
import { applied, boundedRefs, defineKind, rejected, type ActContext } from "../kind.ts";
import { childTeamsMax, descriptionBytesMax, teamsPerMemberMax, teamsPerOrganizationMax } from "../limits.ts";
import { hasRoomInTeam, writeTeamMember } from "../membership.ts";
import { nextNumber } from "../numbering.ts";
import { openTeam, organizationScope, refuseForOrganization, teamScope } from "../organization-act.ts";
import type { Team } from "../organization-state.ts";
import type { RejectionCode } from "../rejection.ts";
import type { Overlay } from "../state.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";

/** Makes a team. Who makes it maintains it; an owner of the organization need not be in it and is not. */
export const teamCreate = defineKind({
  tag: 70,
  payload: struct({
    organization: accountIdCodec,
    name: tables.teamNameCodec,
    privacy: tables.teamPrivacyCodec,
    parent: option(teamIdCodec),
    description: option(contentRefCodec),
  }),
  result: struct({ team: teamIdCodec }),
  authority: "any",
  work: () => teamsPerMemberMax,
  contents: ({ description }) => boundedRefs([description], descriptionBytesMax),
  scope: (_context, { organization }) => organizationScope(organization),
  apply: (context, { organization, name, privacy, parent, description }) => {
    const { state, actor, time, height, forge } = context;
    const refusal =
      refuseForOrganization(context, organization, "create-team") ??
      refuseName(context, { organization, name }) ??
      refuseParent(context, { id: undefined, organization, privacy }, parent);
    if (refusal !== undefined) return rejected(refusal);
    if (tallyOf(state, "teams", organization) >= teamsPerOrganizationMax) return rejected("team-limit");
    const team = nextNumber(state, "team") as TeamId;
    const times = { createdTime: time, createdHeight: height, updatedTime: time };
    const row = { organization, name, privacy, parent, description, ...times };
    writeRow(state, tables.teamTable, team, row);
    writeRow(state, tables.teamSlugTable, { organization, slug: teamSlugOf(name) }, team);
    if (parent !== undefined) writeRow(state, tables.childTeamTable, { parent, team }, {});
    addToTally(state, "teams", organization, 1);
    if (forge.organizations.member(organization, actor)?.role === "member") {
      if (!hasRoomInTeam(context, { id: team, ...row }, actor)) return rejected("team-limit");
      writeTeamMember(context, { id: team, organization }, { account: actor, role: "maintainer" });
    }
    return applied({ team });
  },
});

/** Changes what is given; an absent field stays. */
export const teamUpdate = defineKind({
  tag: 71,
  payload: struct({
    team: teamIdCodec,
    name: option(tables.teamNameCodec),
    privacy: option(tables.teamPrivacyCodec),
    parent: option(struct({ value: option(teamIdCodec) })),
    description: textChangeCodec,
  }),
  result: struct({}),
  authority: "any",
  contents: ({ description }) => boundedRefs([description?.value], descriptionBytesMax),
  scope: (context, { team }) => teamScope(context, team),
  apply: (context, payload) => {
    const opened = openTeam(context, payload.team, "update");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const before = opened.team;
    const after = {
      ...before,
      name: payload.name ?? before.name,
      privacy: payload.privacy ?? before.privacy,
      parent: payload.parent === undefined ? before.parent : payload.parent.value,
      description: changedText(before.description, payload.description),
    };
    const isRenamed = teamSlugOf(after.name) !== teamSlugOf(before.name);
    const isNested = after.parent !== before.parent || after.privacy !== before.privacy;
    const refusal =
      (isRenamed ? refuseName(context, after) : undefined) ??
      (isNested ? refuseNesting(context, before, after) : undefined);
    if (refusal !== undefined) return rejected(refusal);
    moveTeam(context.state, before, after);
    const { id, ...row } = after;
    writeRow(context.state, tables.teamTable, id, { ...row, updatedTime: context.time });
    return applied({});
  },
});

/** Deletes a team and its children. Their members and repositories are forgotten by the blocks that follow. */
export const teamDelete = defineKind({
  tag: 72,
  payload: struct({ team: teamIdCodec }),
  /** Of the team's organization, because the team is gone when the event is told. */
  result: struct({ organization: accountIdCodec }),
  authority: "any",
  work: () => 6 * childTeamsMax,
  scope: (_context, _payload, { organization }) => organizationScope(organization),
  apply: (context, { team: id }) => {
    const opened = openTeam(context, id, "delete");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { organizations } = context.forge;
    const children = Array.from(organizations.childTeams(id), (child) => organizations.team(child)!);
    for (const team of [...children, opened.team]) dropTeam(context, team);
    return applied({ organization: opened.team.organization });
  },
});

/** Removes the rows by which a team is found, and leaves the rest to the blocks that follow. */
export function dropTeam({ state, time }: Pick<ActContext, "state" | "time">, team: Team): void {
  const { id, organization, name, parent } = team;
  removeRow(state, tables.teamTable, id);
  removeRow(state, tables.teamSlugTable, { organization, slug: teamSlugOf(name) });
  if (parent !== undefined) removeRow(state, tables.childTeamTable, { parent, team: id });
  addToTally(state, "teams", organization, -1);
  const subject = encode(dueTeamCodec, { team: id, organization });
  writeRow(state, tables.expiryTable, { time, kind: "team", subject }, {});
}

/** What an expiry of a team is about. */
export const dueTeamCodec = struct({ team: teamIdCodec, organization: accountIdCodec });

function refuseName(
  { state }: ActContext,
  { organization, name }: Pick<Team, "organization" | "name">,
): RejectionCode | undefined {
  const taken = readRow(state, tables.teamSlugTable, { organization, slug: teamSlugOf(name) });
  return taken === undefined ? undefined : "team-name-taken";
}

function refuseNesting(context: ActContext, before: Team, after: Team): RejectionCode | undefined {
  const hasChildren = Array.from(context.forge.organizations.childTeams(before.id)).length > 0;
  if (hasChildren && (after.privacy === "secret" || after.parent !== undefined)) return "team-nesting";
  if (after.parent === before.parent && after.privacy === "secret" && after.parent !== undefined) return "team-nesting";
  return after.parent === before.parent ? undefined : refuseParent(context, after, after.parent);
}

/** A child inherits what its parent may, so who puts it there must look after the parent too. */
function refuseParent(
  context: ActContext,
  child: { readonly id: TeamId | undefined; readonly organization: AccountId; readonly privacy: TeamPrivacy },
  parent: TeamId | undefined,
): RejectionCode | undefined {
  if (parent === undefined) return undefined;
  const opened = openTeam(context, parent, "update");
  if (opened.refusal !== undefined) return opened.refusal;
  const { team } = opened;
  if (team.organization !== child.organization) return "not-found";
  const isSecret = child.privacy === "secret" || team.privacy === "secret";
  if (isSecret || team.parent !== undefined || parent === child.id) return "team-nesting";
  const siblings = Array.from(context.forge.organizations.childTeams(parent));
  return siblings.length >= childTeamsMax ? "team-limit" : undefined;
}

function moveTeam(state: Overlay, before: Team, after: Team): void {
  const { id: team, organization } = before;
  if (before.parent !== undefined) removeRow(state, tables.childTeamTable, { parent: before.parent, team });
  if (after.parent !== undefined) writeRow(state, tables.childTeamTable, { parent: after.parent, team }, {});
  removeRow(state, tables.teamSlugTable, { organization, slug: teamSlugOf(before.name) });
  writeRow(state, tables.teamSlugTable, { organization, slug: teamSlugOf(after.name) }, team);
}
