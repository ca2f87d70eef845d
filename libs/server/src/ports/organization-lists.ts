import type { OrganizationRole, RepositoryRole } from "@guts/governance";
import type { AccountId, RepositoryId, TeamId, TimeMs } from "@guts/primitives";

import type { Listed, PageRequest } from "./read-model.ts";

/** Lists of organizations, teams and people, as numbers: handlers read the things themselves from the state. */
export interface OrganizationLists {
  /** By account number; with `isPublic` those alone who show it. */
  members(
    query: PageRequest & {
      readonly organization: AccountId;
      readonly role?: OrganizationRole | undefined;
      readonly isPublic: boolean;
    },
    signal: AbortSignal,
  ): Promise<Listed<AccountId>>;
  /** Who has an invitation that does not lapse before `now`, the oldest first. */
  invitations(
    query: PageRequest & {
      readonly organization: AccountId;
      readonly role?: OrganizationRole | undefined;
      readonly now: TimeMs;
    },
    signal: AbortSignal,
  ): Promise<Listed<AccountId>>;
  /** Whom the invitation with this number is for. */
  invitation(organization: AccountId, number: number, signal: AbortSignal): Promise<AccountId | undefined>;
  /** By slug: all teams, or with `viewer` those that this member may see. */
  teams(
    query: PageRequest & { readonly organization: AccountId; readonly viewer?: AccountId | undefined },
    signal: AbortSignal,
  ): Promise<Listed<TeamId>>;
  /** Teams of all organizations that an account is a member of. */
  teamsOf(account: AccountId, page: PageRequest, signal: AbortSignal): Promise<Listed<TeamId>>;
  /** Of a team and its children, by account number. Who is in a child alone is a member, whatever they are there. */
  teamMembers(
    query: PageRequest & {
      readonly team: TeamId;
      readonly children: readonly TeamId[];
      readonly role?: "maintainer" | "member" | undefined;
    },
    signal: AbortSignal,
  ): Promise<Listed<AccountId>>;
  /** Repositories of `owner` on which one of the teams has a role: those that the viewer may read, by number. */
  teamRepositories(
    query: PageRequest & {
      readonly owner: AccountId;
      readonly teams: readonly TeamId[];
      readonly viewer: AccountId;
    },
    signal: AbortSignal,
  ): Promise<Listed<RepositoryId>>;
  /** With the members of children and the repositories of the parent; of one page of teams. */
  teamCounts(
    teams: readonly TeamId[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<TeamId, { readonly members: number; readonly repositories: number }>>;
  /**
   * Who works on a repository of `owner`, by account number. `direct`: its owner and its collaborators; `outside`: of these, who
   * is no member of the owning organization; `all`: with who has access by the organization or a team.
   */
  people(
    query: PageRequest & {
      readonly repository: RepositoryId;
      readonly owner: AccountId;
      readonly affiliation: "all" | "direct" | "outside";
      readonly permission?: RepositoryRole | undefined;
    },
    signal: AbortSignal,
  ): Promise<Listed<AccountId>>;
}
