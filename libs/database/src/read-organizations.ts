import type { Executor } from "./connection/connection.ts";
import type { OrganizationLists } from "./organization-lists.ts";
import * as organizations from "./queries/organizations.ts";
import * as people from "./queries/people.ts";

/** How a list is read: with its time limit, and once more when the connection is gone. */
export type Read = <Result>(query: (executor: Executor) => Promise<Result>, signal: AbortSignal) => Promise<Result>;

/** The lists of organizations and teams over a database. */
export function readOrganizations(read: Read): OrganizationLists {
  return {
    members: async (query, signal) => read((executor) => organizations.listMembers(executor, query), signal),
    invitations: async (query, signal) => read((executor) => organizations.listInvited(executor, query), signal),
    invitation: async (organization, number, signal) =>
      read((executor) => organizations.findInvited(executor, organization, number), signal),
    teams: async (query, signal) => read((executor) => organizations.listTeams(executor, query), signal),
    teamsOf: async (account, page, signal) =>
      read((executor) => organizations.listTeamsOf(executor, account, page), signal),
    teamMembers: async (query, signal) => read((executor) => organizations.listTeamMembers(executor, query), signal),
    teamRepositories: async (query, signal) =>
      read((executor) => organizations.listTeamRepositories(executor, query), signal),
    teamCounts: async (teams, signal) => read((executor) => people.countTeams(executor, teams), signal),
    people: async (query, signal) => read((executor) => people.listPeople(executor, query), signal),
  };
}
