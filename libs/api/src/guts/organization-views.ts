import { Type, type Static } from "typebox";

import { PageNumberQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { Nullable, OneOf, Timestamp } from "../schema.ts";
import { BasePermission } from "../github/organizations.ts";
import { RepositoryCard, Role } from "./views.ts";

/** The longest text that a list is filtered by, in characters. */
export const filterLengthMax = 100;

/** A page of a list, perhaps of what a text is found in. */
export const FilteredPage = Type.Object({
  ...PageNumberQuery.properties,
  query: Type.Optional(Type.String({ maxLength: filterLengthMax })),
});

const paged = { page: Type.Integer(), hasMore: Type.Boolean() };

/** What a member is to an organization. */
export const OrganizationRole = OneOf("owner", "member");
export type OrganizationRole = Static<typeof OrganizationRole>;

/** What a member is to a team. */
export const TeamRole = OneOf("maintainer", "member");
export type TeamRole = Static<typeof TeamRole>;

/** An organization in a list. */
export const OrganizationCard = Type.Object(
  { handle: Type.String(), name: Nullable(Type.String()), description: Nullable(Type.String()) },
  { title: "OrganizationCard" },
);
export type OrganizationCard = Static<typeof OrganizationCard>;

/** Somebody in a list. */
export const PersonCard = Type.Object(
  { handle: Type.String(), name: Nullable(Type.String()) },
  { title: "PersonCard" },
);
export type PersonCard = Static<typeof PersonCard>;

/** An invitation to an organization, as who is invited sees it. */
export const OwnOrganizationInvitation = Type.Object(
  { organization: OrganizationCard, role: OrganizationRole, inviter: Type.String(), expiresAt: Timestamp() },
  { title: "OwnOrganizationInvitation" },
);
export type OwnOrganizationInvitation = Static<typeof OwnOrganizationInvitation>;

/** One's membership of an organization, with what it allows. */
export const OwnMembership = Type.Object(
  {
    organization: OrganizationCard,
    role: OrganizationRole,
    /** Whether strangers see the membership. */
    isPublic: Type.Boolean(),
    /** Nobody else is an owner, so one can neither leave nor become a member. */
    isLastOwner: Type.Boolean(),
    mayCreatePublic: Type.Boolean(),
    mayCreatePrivate: Type.Boolean(),
  },
  { title: "OwnMembership" },
);
export type OwnMembership = Static<typeof OwnMembership>;

/** The organizations that one is a member of, and the invitations that wait for one's answer. */
export const OwnOrganizationsView = Type.Object(
  { memberships: Type.Array(OwnMembership), invitations: Type.Array(OwnOrganizationInvitation) },
  { title: "OwnOrganizationsView" },
);
export type OwnOrganizationsView = Static<typeof OwnOrganizationsView>;

/** An organization's frame: what every one of its pages shows. A renamed organization answers under its present name. */
export const OrganizationView = Type.Object(
  {
    organization: Type.Object({
      ...OrganizationCard.properties,
      location: Nullable(Type.String()),
      blog: Nullable(Type.String()),
      createdAt: Timestamp(),
    }),
    /** How many people and teams the viewer sees; of teams null for who sees none. */
    peopleCount: Type.Integer(),
    teamCount: Nullable(Type.Integer()),
    /** The first few people, for the organization's own page. */
    people: Type.Array(PersonCard),
    viewer: Type.Object({
      membership: Nullable(OwnMembership),
      invitation: Nullable(OwnOrganizationInvitation),
      mayAdminister: Type.Boolean(),
      mayCreateTeam: Type.Boolean(),
    }),
    /** What members may do by themselves; null for who is no member. */
    settings: Nullable(
      Type.Object({
        basePermission: BasePermission,
        repositoryCreation: OneOf("all", "private", "none"),
      }),
    ),
  },
  { title: "OrganizationView" },
);
export type OrganizationView = Static<typeof OrganizationView>;

/** A member in the list of people. */
export const MemberCard = Type.Object(
  { ...PersonCard.properties, role: OrganizationRole, isPublic: Type.Boolean(), sinceTime: Timestamp() },
  { title: "MemberCard" },
);
export type MemberCard = Static<typeof MemberCard>;

/** People of an organization by account number; strangers see those who show it. */
export const PeopleView = Type.Object(
  { people: Type.Array(MemberCard), total: Type.Integer(), ...paged },
  { title: "PeopleView" },
);
export type PeopleView = Static<typeof PeopleView>;

/** The query of {@link PeopleView}. */
export const PeopleQuery = Type.Object({
  ...FilteredPage.properties,
  role: Type.Optional(OrganizationRole),
});

/** Invitations of an organization that wait, for its owners. */
export const MemberInvitationsView = Type.Object(
  {
    invitations: Type.Array(
      Type.Object({
        /** The invitation's, by which it is cancelled. */
        id: Type.Integer(),
        ...PersonCard.properties,
        role: OrganizationRole,
        inviter: Type.String(),
        createdAt: Timestamp(),
        expiresAt: Timestamp(),
        isExpired: Type.Boolean(),
      }),
    ),
    ...paged,
  },
  { title: "MemberInvitationsView" },
);
export type MemberInvitationsView = Static<typeof MemberInvitationsView>;

/** A team in a list. */
export const TeamCard = Type.Object(
  {
    id: Type.Integer(),
    slug: Type.String(),
    name: Type.String(),
    description: Nullable(Type.String()),
    isSecret: Type.Boolean(),
    memberCount: Type.Integer(),
    viewerRole: Nullable(TeamRole),
  },
  { title: "TeamCard" },
);
export type TeamCard = Static<typeof TeamCard>;

/** Teams that the viewer may know of, by name, each with its children; a filter finds either. */
export const TeamsView = Type.Object(
  {
    teams: Type.Array(Type.Object({ ...TeamCard.properties, children: Type.Array(TeamCard) })),
    total: Type.Integer(),
    ...paged,
  },
  { title: "TeamsView" },
);
export type TeamsView = Static<typeof TeamsView>;

/** A team's frame: what every one of its pages shows. */
export const TeamView = Type.Object(
  {
    team: TeamCard,
    parent: Nullable(TeamCard),
    children: Type.Array(TeamCard),
    viewer: Type.Object({
      /** Looks after its name, members and place: its maintainers, and the organization's owners. */
      mayUpdate: Type.Boolean(),
    }),
  },
  { title: "TeamView" },
);
export type TeamView = Static<typeof TeamView>;

/** Members of a team itself, maintainers first. */
export const TeamMembersView = Type.Object(
  {
    members: Type.Array(
      Type.Object({
        ...PersonCard.properties,
        role: TeamRole,
        /** An owner of the organization, who may do everything whatever the team says. */
        isOwner: Type.Boolean(),
      }),
    ),
    total: Type.Integer(),
    ...paged,
  },
  { title: "TeamMembersView" },
);
export type TeamMembersView = Static<typeof TeamMembersView>;

/** Repositories on which a team has a role, of itself or from its parent, that the viewer may read. */
export const TeamRepositoriesView = Type.Object(
  {
    repositories: Type.Array(
      Type.Object({
        repository: RepositoryCard,
        /** The team's own role; null where only its parent has one. */
        role: Nullable(Role),
        /** What the parent passes on. */
        inheritedRole: Nullable(Role),
        mayAdminister: Type.Boolean(),
      }),
    ),
    ...paged,
  },
  { title: "TeamRepositoriesView" },
);
export type TeamRepositoriesView = Static<typeof TeamRepositoriesView>;

/** Who gets to an organization's repository without being invited to it; both null for a person's own repository. */
export const RepositoryGrantsView = Type.Object(
  {
    organization: Nullable(
      Type.Object({
        handle: Type.String(),
        ownerCount: Type.Integer(),
        memberCount: Type.Integer(),
        basePermission: BasePermission,
      }),
    ),
    teams: Type.Array(Type.Object({ ...TeamCard.properties, role: Role, childCount: Type.Integer() })),
    /** Teams with a role that the viewer may not know of. */
    hiddenTeamCount: Type.Integer(),
  },
  { title: "RepositoryGrantsView" },
);
export type RepositoryGrantsView = Static<typeof RepositoryGrantsView>;

/** People with a role of their own on a repository, by account number. */
export const CollaboratorsView = Type.Object(
  {
    collaborators: Type.Array(
      Type.Object({
        ...PersonCard.properties,
        /** What they were invited as. */
        role: Role,
        /** What they may do when everything that grants it is counted. */
        permission: Role,
      }),
    ),
    ...paged,
  },
  { title: "CollaboratorsView" },
);
export type CollaboratorsView = Static<typeof CollaboratorsView>;

/** What the pages of organizations and teams need, each in one answer. */
export const organizationViewRoutes = defineRoutes({
  "GET /api/guts/view/organizations": {
    operationId: "views/own-organizations",
    summary: "One's organizations and invitations to others",
    access: "signed-in",
    responses: { 200: OwnOrganizationsView },
  },
  "GET /api/guts/view/orgs/{org}": {
    operationId: "views/organization",
    summary: "The frame of an organization's pages",
    access: "anyone",
    responses: { 200: OrganizationView },
  },
  "GET /api/guts/view/orgs/{org}/people": {
    operationId: "views/people",
    summary: "People of an organization",
    access: "anyone",
    query: PeopleQuery,
    responses: { 200: PeopleView },
  },
  "GET /api/guts/view/orgs/{org}/invitations": {
    operationId: "views/member-invitations",
    summary: "Invitations of an organization that wait",
    access: "signed-in",
    query: PageNumberQuery,
    responses: { 200: MemberInvitationsView },
  },
  "GET /api/guts/view/orgs/{org}/teams": {
    operationId: "views/teams",
    summary: "Teams of an organization",
    access: "signed-in",
    query: FilteredPage,
    responses: { 200: TeamsView },
  },
  "GET /api/guts/view/orgs/{org}/teams/{team_slug}": {
    operationId: "views/team",
    summary: "The frame of a team's pages",
    access: "signed-in",
    responses: { 200: TeamView },
  },
  "GET /api/guts/view/orgs/{org}/teams/{team_slug}/members": {
    operationId: "views/team-members",
    summary: "Members of a team",
    access: "signed-in",
    query: FilteredPage,
    responses: { 200: TeamMembersView },
  },
  "GET /api/guts/view/orgs/{org}/teams/{team_slug}/repositories": {
    operationId: "views/team-repositories",
    summary: "Repositories of a team",
    access: "signed-in",
    query: PageNumberQuery,
    responses: { 200: TeamRepositoriesView },
  },
  "GET /api/guts/view/repos/{owner}/{repo}/grants": {
    operationId: "views/repository-grants",
    summary: "Teams and members that get to a repository by its organization",
    access: "signed-in",
    responses: { 200: RepositoryGrantsView },
  },
  "GET /api/guts/view/repos/{owner}/{repo}/collaborators": {
    operationId: "views/collaborators",
    summary: "People with a role of their own on a repository",
    access: "signed-in",
    query: PageNumberQuery,
    responses: { 200: CollaboratorsView },
  },
});
