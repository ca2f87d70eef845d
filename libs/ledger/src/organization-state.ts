/** The questions that doors and rules ask about organizations and teams, answered by synchronous reads. */
import {
  accountIdCodec,
  encode,
  repositoryIdCodec,
  struct,
  teamIdCodec,
  type AccountId,
  type RepositoryId,
  type TeamId,
  type TeamSlug,
} from "@guts/primitives";
import { comparePermissions } from "@guts/governance";
import type {
  OrganizationAccess,
  PermissionGrant,
  RepositoryRole,
  CredentialPowers,
  TeamAccess,
  TeamRole,
} from "@guts/governance";
import type { StateReader } from "./state.ts";
import { readRow, scanRows } from "./table.ts";
import { tallyOf } from "./tally.ts";
import * as tables from "./organization-tables.ts";

/** A team with its number. */
export interface Team extends tables.TeamRow {
  readonly id: TeamId;
}

/** A repository by its number, with whom it belongs to. */
interface OwnedRepository {
  readonly id: RepositoryId;
  readonly owner: AccountId;
}

const memberTeamsCodec = struct({ account: accountIdCodec, organization: accountIdCodec });

/** Typed reads over organizations in the state at one height. */
export class OrganizationState {
  readonly #reader: StateReader;

  constructor(reader: StateReader) {
    this.#reader = reader;
  }

  /** The settings of an organization; undefined for every other account, and for one that was deleted. */
  settings(organization: AccountId): tables.OrganizationRow | undefined {
    return readRow(this.#reader, tables.organizationTable, organization);
  }

  member(organization: AccountId, account: AccountId): tables.OrganizationMemberRow | undefined {
    return readRow(this.#reader, tables.organizationMemberTable, { organization, account });
  }

  /** Members by ascending number. */
  *members(organization: AccountId): Iterable<readonly [AccountId, tables.OrganizationMemberRow]> {
    const within = encode(accountIdCodec, organization);
    for (const [key, row] of scanRows(this.#reader, tables.organizationMemberTable, { within }))
      yield [key.account, row];
  }

  /** How many owners an organization has. */
  ownerCount(organization: AccountId): number {
    return tallyOf(this.#reader, "organizationOwners", organization);
  }

  /** Organizations that an account is a member of, by ascending number. */
  *organizationsOf(account: AccountId): Iterable<AccountId> {
    const within = encode(accountIdCodec, account);
    for (const [key] of scanRows(this.#reader, tables.accountOrganizationTable, { within })) {
      if (this.settings(key.organization) !== undefined) yield key.organization;
    }
  }

  invitation(organization: AccountId, account: AccountId): tables.OrganizationInvitationRow | undefined {
    return readRow(this.#reader, tables.organizationInvitationTable, { organization, account });
  }

  /** Everybody who was invited and has not answered, expired invitations too. */
  *invitations(organization: AccountId): Iterable<readonly [AccountId, tables.OrganizationInvitationRow]> {
    const within = encode(accountIdCodec, organization);
    for (const [key, row] of scanRows(this.#reader, tables.organizationInvitationTable, { within }))
      yield [key.account, row];
  }

  team(id: TeamId): Team | undefined {
    const row = readRow(this.#reader, tables.teamTable, id);
    return row === undefined ? undefined : { id, ...row };
  }

  findTeam(organization: AccountId, slug: TeamSlug): Team | undefined {
    const id = readRow(this.#reader, tables.teamSlugTable, { organization, slug });
    return id === undefined ? undefined : this.team(id);
  }

  /** Teams of an organization by slug. */
  *teams(organization: AccountId): Iterable<Team> {
    const within = encode(accountIdCodec, organization);
    for (const [, id] of scanRows(this.#reader, tables.teamSlugTable, { within })) yield this.team(id)!;
  }

  /** Children of a team by ascending number. */
  *childTeams(parent: TeamId): Iterable<TeamId> {
    const within = encode(teamIdCodec, parent);
    for (const [key] of scanRows(this.#reader, tables.childTeamTable, { within })) yield key.team;
  }

  teamRole(team: TeamId, account: AccountId): TeamRole | undefined {
    return readRow(this.#reader, tables.teamMemberTable, { team, account })?.role;
  }

  /** Members of a team itself, not of its children. */
  *teamMembers(team: TeamId): Iterable<readonly [AccountId, TeamRole]> {
    const within = encode(teamIdCodec, team);
    for (const [key, row] of scanRows(this.#reader, tables.teamMemberTable, { within })) yield [key.account, row.role];
  }

  /** How many members a team itself has. */
  teamMemberCount(team: TeamId): number {
    return tallyOf(this.#reader, "teamMembers", team);
  }

  /** Teams of one organization that an account is a member of. */
  *teamsOf(organization: AccountId, account: AccountId): Iterable<Team> {
    const within = encode(memberTeamsCodec, { account, organization });
    for (const [key] of scanRows(this.#reader, tables.accountTeamTable, { within })) {
      const team = this.team(key.team);
      if (team !== undefined) yield team;
    }
  }

  /** Teams of one organization that an account is in, and their parents: as what it counts where a team is named. */
  memberships(organization: AccountId, account: AccountId): ReadonlySet<TeamId> {
    const counted = new Set<TeamId>();
    if (this.member(organization, account) === undefined) return counted;
    for (const { id, parent } of this.teamsOf(organization, account)) {
      counted.add(id);
      if (parent !== undefined) counted.add(parent);
    }
    return counted;
  }

  /** The strongest role that a team, or its parent, has on a repository. */
  teamRoleOn({ id, parent }: Team, repository: RepositoryId): RepositoryRole | undefined {
    const roles = [id, ...(parent === undefined ? [] : [parent])].map((team) =>
      this.teamRepositoryRole(team, repository),
    );
    return roles.filter((role) => role !== undefined).toSorted((left, right) => comparePermissions(right, left))[0];
  }

  /** The role that a team itself has on a repository, not what its parent passes on. */
  teamRepositoryRole(team: TeamId, repository: RepositoryId): RepositoryRole | undefined {
    return readRow(this.#reader, tables.repositoryTeamTable, { repository, team });
  }

  /** Teams of the owner with a role on a repository; rows of a former owner's teams, if they are still there, do not count. */
  *repositoryTeams({ id, owner }: OwnedRepository): Iterable<readonly [Team, RepositoryRole]> {
    const within = encode(repositoryIdCodec, id);
    for (const [key, role] of scanRows(this.#reader, tables.repositoryTeamTable, { within })) {
      const team = this.team(key.team);
      if (team?.organization === owner) yield [team, role];
    }
  }

  /** Repositories that a team itself has a role on, by ascending number. */
  *teamRepositories(team: TeamId): Iterable<RepositoryId> {
    const within = encode(teamIdCodec, team);
    for (const [key] of scanRows(this.#reader, tables.teamRepositoryTable, { within })) yield key.repository;
  }

  /** What an account may do with a repository because of the organization that owns it; bounded by the teams of each. */
  *grants(repository: OwnedRepository, account: AccountId): Iterable<PermissionGrant> {
    const organization = repository.owner;
    const role = this.member(organization, account)?.role;
    const settings = role === undefined ? undefined : this.settings(organization);
    if (settings === undefined) return;
    if (role === "owner") yield { source: "organization-owner", permission: "admin", organization };
    const { basePermission } = settings;
    if (basePermission !== "none") yield { source: "organization-member", permission: basePermission, organization };
    yield* this.#teamGrants(repository, account);
  }

  *#teamGrants(repository: OwnedRepository, account: AccountId): Iterable<PermissionGrant> {
    const roles = new Map(Array.from(this.repositoryTeams(repository), ([team, role]) => [team.id, role]));
    if (roles.size === 0) return;
    for (const team of this.teamsOf(repository.owner, account)) {
      const own = roles.get(team.id);
      if (own !== undefined) yield { source: "team", permission: own, team: team.id, through: undefined };
      const inherited = team.parent === undefined ? undefined : roles.get(team.parent);
      if (inherited !== undefined)
        yield { source: "team", permission: inherited, team: team.parent!, through: team.id };
    }
  }

  /** What governance asks about somebody's wish; undefined when there is no such organization. */
  access(
    organization: AccountId,
    account: AccountId | undefined,
    scopes: CredentialPowers | undefined,
  ): OrganizationAccess | undefined {
    const settings = this.settings(organization);
    if (settings === undefined) return undefined;
    const role = account === undefined ? undefined : this.member(organization, account)?.role;
    return { role, repositoryCreation: settings.repositoryCreation, scopes };
  }

  /** What governance asks about somebody's wish of a team. */
  teamAccess(team: Team, account: AccountId | undefined, scopes: CredentialPowers | undefined): TeamAccess {
    const isThere = account !== undefined && this.settings(team.organization) !== undefined;
    return {
      organizationRole: isThere ? this.member(team.organization, account)?.role : undefined,
      teamRole: isThere ? this.teamRole(team.id, account) : undefined,
      privacy: team.privacy,
      scopes,
    };
  }
}
