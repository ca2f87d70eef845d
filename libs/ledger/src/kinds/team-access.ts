/** Who is in a team, and which repositories it has a role on. */
import { accountIdCodec, repositoryIdCodec, struct, teamIdCodec } from "@guts/primitives";
import { applied, defineKind, rejected } from "../kind.ts";
import { teamsPerMemberMax, teamsPerRepositoryMax } from "../limits.ts";
import {
  hasRoomInTeam,
  removeTeamMember,
  removeTeamRepository,
  writeTeamMember,
  writeTeamRepository,
} from "../membership.ts";
import { openTeam, refuseOwnMembership, teamScope } from "../organization-act.ts";
import { openRepository } from "../repository-act.ts";
import * as tables from "../tables.ts";
import { tallyOf } from "../tally.ts";

/** Takes a member of the organization into the team, or changes its role there. */
export const teamSetMember = defineKind({
  tag: 73,
  payload: struct({ team: teamIdCodec, account: accountIdCodec, role: tables.teamRoleCodec }),
  result: struct({}),
  authority: "any",
  work: () => teamsPerMemberMax,
  scope: (context, { team }) => teamScope(context, team),
  apply: (context, { team: id, account, role }) => {
    const opened = openTeam(context, id, "update");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { team } = opened;
    const { organizations } = context.forge;
    if (organizations.member(team.organization, account) === undefined) return rejected("not-a-member");
    const held = organizations.teamRole(id, account);
    if (held === role) return rejected("already-so");
    if (held === undefined && !hasRoomInTeam(context, team, account)) return rejected("team-limit");
    writeTeamMember(context, team, { account, role });
    return applied({});
  },
});

/** Removes somebody from the team; members may leave. */
export const teamRemoveMember = defineKind({
  tag: 74,
  payload: struct({ team: teamIdCodec, account: accountIdCodec }),
  result: struct({}),
  authority: "any",
  scope: (context, { team }) => teamScope(context, team),
  apply: (context, { team: id, account }) => {
    const isSelf = account === context.actor;
    const opened = openTeam(context, id, isSelf ? "read" : "update");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const refusal = isSelf ? refuseOwnMembership(context, "write-organizations") : undefined;
    if (refusal !== undefined) return rejected(refusal);
    if (context.forge.organizations.teamRole(id, account) === undefined) return rejected("not-found");
    removeTeamMember(context.state, opened.team, account);
    return applied({});
  },
});

/** Gives the team a role on a repository of its organization: by who administers that and may see the team. */
export const teamSetRepository = defineKind({
  tag: 75,
  payload: struct({ team: teamIdCodec, repository: repositoryIdCodec, role: tables.roleCodec }),
  result: struct({}),
  authority: "any",
  scope: (context, { team }) => teamScope(context, team),
  apply: (context, { team, repository, role }) => {
    const opened = openTeam(context, team, "read");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const found = openRepository(context, repository, "manage-collaborators");
    if (found.refusal !== undefined) return rejected(found.refusal);
    if (found.repository.owner !== opened.team.organization) return rejected("not-found");
    const held = context.forge.organizations.teamRepositoryRole(team, repository);
    if (held === role) return rejected("already-so");
    const count = tallyOf(context.state, "repositoryTeams", repository);
    if (held === undefined && count >= teamsPerRepositoryMax) return rejected("team-limit");
    writeTeamRepository(context.state, { team, repository }, role);
    return applied({});
  },
});

/** Takes the team's role on a repository away: by who looks after the team, or administers the repository. */
export const teamRemoveRepository = defineKind({
  tag: 76,
  payload: struct({ team: teamIdCodec, repository: repositoryIdCodec }),
  result: struct({}),
  authority: "any",
  scope: (context, { team }) => teamScope(context, team),
  apply: (context, { team, repository }) => {
    const read = openTeam(context, team, "read");
    if (read.refusal !== undefined) return rejected(read.refusal);
    const { refusal } = openTeam(context, team, "update");
    if (refusal !== undefined && openRepository(context, repository, "manage-collaborators").refusal !== undefined)
      return rejected(refusal);
    if (context.forge.organizations.teamRepositoryRole(team, repository) === undefined) return rejected("not-found");
    removeTeamRepository(context.state, { team, repository });
    return applied({});
  },
});
