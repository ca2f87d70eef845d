/** How entries of organizations and teams become rows. */
import { tables } from "@guts/ledger";
import { teamSlugOf } from "@guts/primitives";
import * as rows from "../schema/tables.ts";
import { project, type TableProjection } from "./table-projection.ts";

/** In the order of the state's prefixes. */
export const organizationProjections: readonly TableProjection[] = [
  project({
    from: tables.organizationTable,
    into: rows.organizations,
    key: (id) => ({ id }),
    row: (_, { basePermission }) => ({ basePermission }),
  }),
  project({
    from: tables.organizationMemberTable,
    into: rows.organizationMembers,
    key: ({ organization, account }) => ({ organizationId: organization, accountId: account }),
    row: (_, { role, visibility }) => ({ role, visibility }),
  }),
  project({
    from: tables.organizationInvitationTable,
    into: rows.organizationInvitations,
    key: ({ organization, account }) => ({ organizationId: organization, accountId: account }),
    row: (_, { number, role, expiresTime }) => ({ number, role, expiresTime }),
  }),
  project({
    from: tables.teamTable,
    into: rows.teams,
    key: (id) => ({ id }),
    row: (_, { organization, name, privacy, parent }) => ({
      organizationId: organization,
      slug: teamSlugOf(name),
      privacy,
      parentId: parent ?? null,
    }),
  }),
  project({
    from: tables.teamMemberTable,
    into: rows.teamMembers,
    key: ({ team, account }) => ({ teamId: team, accountId: account }),
    row: (_, { role }) => ({ role }),
  }),
  project({
    from: tables.repositoryTeamTable,
    into: rows.repositoryTeams,
    key: ({ repository, team }) => ({ repositoryId: repository, teamId: team }),
    row: (_, role) => ({ role }),
  }),
];
