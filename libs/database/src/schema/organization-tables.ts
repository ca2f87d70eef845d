/** Rows of organizations and teams: what decides who may read a repository, and invitations by whom they are for. */
import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey } from "drizzle-orm/pg-core";
import type { AccountId, RepositoryId, TeamId, TeamSlug, TimeMs } from "@guts/primitives";
import type { BasePermission, OrganizationRole, RepositoryRole, TeamPrivacy, TeamRole } from "@guts/governance";
import type { tables } from "@guts/ledger";
import { integer, text } from "./columns.ts";

export const organizations = pgTable("organizations", {
  id: integer("id").$type<AccountId>().primaryKey(),
  basePermission: text("base_permission").$type<BasePermission>().notNull(),
});

export const organizationMembers = pgTable(
  "organization_members",
  {
    organizationId: integer("organization_id").$type<AccountId>().notNull(),
    accountId: integer("account_id").$type<AccountId>().notNull(),
    role: text("role").$type<OrganizationRole>().notNull(),
    visibility: text("visibility").$type<tables.MembershipVisibility>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.organizationId, row.accountId] }),
    index("organization_members_account").on(row.accountId, row.organizationId),
  ],
);

export const organizationInvitations = pgTable(
  "organization_invitations",
  {
    organizationId: integer("organization_id").$type<AccountId>().notNull(),
    accountId: integer("account_id").$type<AccountId>().notNull(),
    number: integer("number").notNull(),
    role: text("role").$type<OrganizationRole>().notNull(),
    expiresTime: integer("expires_time").$type<TimeMs>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.organizationId, row.accountId] }),
    index("organization_invitations_account").on(row.accountId, row.number),
    index("organization_invitations_organization").on(row.organizationId, row.number),
  ],
);

export const teams = pgTable(
  "teams",
  {
    id: integer("id").$type<TeamId>().primaryKey(),
    organizationId: integer("organization_id").$type<AccountId>().notNull(),
    slug: text("slug").$type<TeamSlug>().notNull(),
    privacy: text("privacy").$type<TeamPrivacy>().notNull(),
    parentId: integer("parent_id").$type<TeamId>(),
  },
  (row) => [
    index("teams_organization").on(row.organizationId, row.slug),
    index("teams_parent")
      .on(row.parentId)
      .where(sql`parent_id is not null`),
  ],
);

export const teamMembers = pgTable(
  "team_members",
  {
    teamId: integer("team_id").$type<TeamId>().notNull(),
    accountId: integer("account_id").$type<AccountId>().notNull(),
    role: text("role").$type<TeamRole>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.teamId, row.accountId] }),
    index("team_members_account").on(row.accountId, row.teamId),
  ],
);

export const repositoryTeams = pgTable(
  "repository_teams",
  {
    repositoryId: integer("repository_id").$type<RepositoryId>().notNull(),
    teamId: integer("team_id").$type<TeamId>().notNull(),
    role: text("role").$type<RepositoryRole>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.repositoryId, row.teamId] }),
    index("repository_teams_team").on(row.teamId, row.repositoryId),
  ],
);
