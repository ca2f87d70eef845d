import type { AccountId, RepositoryId, TeamId, TimeMs } from "@guts/primitives";
import type { OrganizationRole, RepositoryRole } from "@guts/governance";
import type { Page, PageRequest } from "./listings.ts";

/** Members of an organization; with `isPublic` those alone who show it. */
export interface MemberQuery extends PageRequest {
  readonly organization: AccountId;
  readonly role?: OrganizationRole | undefined;
  readonly isPublic: boolean;
}

/** Invitations of an organization that have not lapsed before `now`. */
export interface OrganizationInvitationQuery extends PageRequest {
  readonly organization: AccountId;
  readonly role?: OrganizationRole | undefined;
  readonly now: TimeMs;
}

/** Teams of an organization: all, or with `viewer` those that this member may see. */
export interface TeamQuery extends PageRequest {
  readonly organization: AccountId;
  readonly viewer?: AccountId | undefined;
}

/** Members of a team and of its children. Who is in a child alone is a member, whatever they are there. */
export interface TeamMemberQuery extends PageRequest {
  readonly team: TeamId;
  readonly children: readonly TeamId[];
  readonly role?: "maintainer" | "member" | undefined;
}

/** Repositories of `owner` on which one of the teams has a role: those that the viewer may read. */
export interface TeamRepositoryQuery extends PageRequest {
  readonly owner: AccountId;
  readonly teams: readonly TeamId[];
  readonly viewer: AccountId;
}

/**
 * People who work on a repository of `owner`. `direct`: its owner and its collaborators; `outside`: of these, who is no member
 * of the organization that owns it; `all`: who has access by the organization or a team, too. That everybody reads a
 * public repository does not count.
 */
export interface PeopleQuery extends PageRequest {
  readonly repository: RepositoryId;
  readonly owner: AccountId;
  readonly affiliation: "all" | "direct" | "outside";
  /** Only those who have at least this role, by whatever grant. */
  readonly permission?: RepositoryRole | undefined;
}

/** How many people and repositories a team reaches: with its children's members, and with its parent's repositories. */
export interface TeamCounts {
  readonly members: number;
  readonly repositories: number;
}

/** Lists of organizations and teams. They give numbers alone: what is shown of each is read from the state. */
export interface OrganizationLists {
  /** By account number. */
  members(query: MemberQuery, signal: AbortSignal): Promise<Page<AccountId>>;
  /** Accounts with an open invitation, the oldest invitation first. */
  invitations(query: OrganizationInvitationQuery, signal: AbortSignal): Promise<Page<AccountId>>;
  /** Whom the invitation with this number is for. */
  invitation(organization: AccountId, number: number, signal: AbortSignal): Promise<AccountId | undefined>;
  /** By slug. */
  teams(query: TeamQuery, signal: AbortSignal): Promise<Page<TeamId>>;
  /** Teams of all organizations that an account is a member of, the oldest team first. */
  teamsOf(account: AccountId, page: PageRequest, signal: AbortSignal): Promise<Page<TeamId>>;
  /** By account number. */
  teamMembers(query: TeamMemberQuery, signal: AbortSignal): Promise<Page<AccountId>>;
  /** By repository number. */
  teamRepositories(query: TeamRepositoryQuery, signal: AbortSignal): Promise<Page<RepositoryId>>;
  /** Of at most `perPageMax` teams; one without rows counts 0 of both. */
  teamCounts(teams: readonly TeamId[], signal: AbortSignal): Promise<ReadonlyMap<TeamId, TeamCounts>>;
  /** By account number. */
  people(query: PeopleQuery, signal: AbortSignal): Promise<Page<AccountId>>;
}
