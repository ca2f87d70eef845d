import type { OrganizationRole } from "@guts/api";
import type { QueryClient } from "@tanstack/react-query";
import { createRoute, redirect, type ParsedLocation } from "@tanstack/react-router";

import { requireViewer } from "../account/session.ts";
import {
  organizationQuery,
  ownOrganizationsQuery,
  peopleQuery,
  teamMembersQuery,
  teamQuery,
  teamRepositoriesQuery,
  teamsQuery,
} from "../api/organization-queries.ts";
import { auditSearch } from "../audit/audit-search.ts";
import { root } from "./root-route.ts";
import { filterSearch, pageSearch } from "./search.ts";

/** Addresses of organizations and teams: GitHub's. */

/** Fetches an organization's frame; under a former handle, leads to the present one. */
async function openOrganization(cache: QueryClient, org: string, location: ParsedLocation): Promise<void> {
  const { organization: found } = await cache.ensureQueryData(organizationQuery(org));
  if (found.handle === org) return;
  const [, first = "", , ...rest] = location.href.split("/");
  throw redirect({ href: ["", first, found.handle, ...rest].join("/"), replace: true });
}

const organization = createRoute({
  getParentRoute: () => root,
  path: "/orgs/$org",
  loader: ({ context, params, location }) => openOrganization(context.cache, params.org, location),
}).lazy(() => import("../pages/organization-layout.tsx").then((page) => page.organizationRoute));

const organizationIndex = createRoute({
  getParentRoute: () => organization,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/$owner", params: { owner: params.org }, replace: true });
  },
});

const organizationRepositories = createRoute({
  getParentRoute: () => organization,
  path: "/repositories",
  validateSearch: filterSearch,
  beforeLoad: ({ params, search }) => {
    throw redirect({ to: "/$owner", params: { owner: params.org }, search, replace: true });
  },
});

const people = createRoute({
  getParentRoute: () => organization,
  path: "/people",
  validateSearch: (search: Record<string, unknown>): { page?: number; query?: string; role?: OrganizationRole } => {
    const { role } = search;
    return { ...filterSearch(search), ...(role === "owner" || role === "member" ? { role } : {}) };
  },
  loaderDeps: ({ search: { page = 1, query = "", role } }) => ({
    page,
    query,
    ...(role === undefined ? {} : { role }),
  }),
  loader: ({ context, params, deps }) => context.cache.ensureQueryData(peopleQuery(params.org, deps)),
}).lazy(() => import("../pages/organization-people.tsx").then((page) => page.organizationPeopleRoute));

const teams = createRoute({
  getParentRoute: () => organization,
  path: "/teams",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
  validateSearch: filterSearch,
  loaderDeps: ({ search }) => ({ page: search.page ?? 1, query: search.query ?? "" }),
  loader: ({ context, params, deps }) => context.cache.ensureQueryData(teamsQuery(params.org, deps)),
}).lazy(() => import("../pages/organization-teams.tsx").then((page) => page.organizationTeamsRoute));

const newTeam = createRoute({
  getParentRoute: () => organization,
  path: "/new-team",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
  validateSearch: (search: Record<string, unknown>): { parent?: number } => {
    const parent = Number(search["parent"]);
    return Number.isSafeInteger(parent) && parent > 0 ? { parent } : {};
  },
}).lazy(() => import("../pages/new-team.tsx").then((page) => page.newTeamRoute));

const team = createRoute({
  getParentRoute: () => organization,
  path: "/teams/$team",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
  loader: ({ context, params }) => context.cache.ensureQueryData(teamQuery(params)).then(() => undefined),
}).lazy(() => import("../pages/team-layout.tsx").then((page) => page.teamRoute));

const teamMembers = createRoute({
  getParentRoute: () => team,
  path: "/",
  validateSearch: filterSearch,
  loaderDeps: ({ search }) => ({ page: search.page ?? 1, query: search.query ?? "" }),
  loader: ({ context, params, deps }) => context.cache.ensureQueryData(teamMembersQuery(params, deps)),
}).lazy(() => import("../pages/team-members.tsx").then((page) => page.teamMembersRoute));

const teamMembersLong = createRoute({
  getParentRoute: () => team,
  path: "/members",
  validateSearch: filterSearch,
  beforeLoad: ({ params, search }) => {
    throw redirect({ to: "/orgs/$org/teams/$team", params, search, replace: true });
  },
});

const teamRepositories = createRoute({
  getParentRoute: () => team,
  path: "/repositories",
  validateSearch: pageSearch,
  loaderDeps: ({ search }) => ({ page: search.page ?? 1 }),
  loader: ({ context, params, deps }) => context.cache.ensureQueryData(teamRepositoriesQuery(params, deps.page)),
}).lazy(() => import("../pages/team-repositories.tsx").then((page) => page.teamRepositoriesRoute));

const teamChildren = createRoute({ getParentRoute: () => team, path: "/teams" }).lazy(() =>
  import("../pages/team-children.tsx").then((page) => page.teamChildrenRoute),
);

const teamEdit = createRoute({ getParentRoute: () => team, path: "/edit" }).lazy(() =>
  import("../pages/team-edit.tsx").then((page) => page.teamEditRoute),
);

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/orgs/$org/invitation",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
  loader: ({ context }) => context.cache.ensureQueryData(ownOrganizationsQuery),
}).lazy(() => import("../pages/organization-invitation.tsx").then((page) => page.organizationInvitationRoute));

const newOrganization = createRoute({
  getParentRoute: () => root,
  path: "/account/organizations/new",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
}).lazy(() => import("../pages/new-organization.tsx").then((page) => page.newOrganizationRoute));

const newOrganizationShort = createRoute({
  getParentRoute: () => root,
  path: "/organizations/new",
  beforeLoad: () => {
    throw redirect({ to: "/account/organizations/new", replace: true });
  },
});

const newOrganizationRepository = createRoute({
  getParentRoute: () => root,
  path: "/organizations/$org/repositories/new",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/new", search: { owner: params.org }, replace: true });
  },
});

const organizationSettings = createRoute({
  getParentRoute: () => root,
  path: "/organizations/$org/settings",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
  loader: ({ context, params, location }) => openOrganization(context.cache, params.org, location),
}).lazy(() => import("../pages/organization-settings-layout.tsx").then((page) => page.organizationSettingsRoute));

const organizationSettingsIndex = createRoute({
  getParentRoute: () => organizationSettings,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/organizations/$org/settings/profile", params, replace: true });
  },
});

const organizationProfile = createRoute({ getParentRoute: () => organizationSettings, path: "/profile" }).lazy(() =>
  import("../pages/organization-settings-profile.tsx").then((page) => page.organizationProfileRoute),
);

const memberPrivileges = createRoute({
  getParentRoute: () => organizationSettings,
  path: "/member_privileges",
}).lazy(() => import("../pages/organization-member-privileges.tsx").then((page) => page.memberPrivilegesRoute));

const auditLog = createRoute({
  getParentRoute: () => organizationSettings,
  path: "/audit-log",
  validateSearch: auditSearch,
}).lazy(() => import("../pages/organization-audit-log.tsx").then((page) => page.organizationAuditLogRoute));

/** Every address of organizations and teams. */
export const organizationRoutes = [
  invitation,
  newOrganization,
  newOrganizationShort,
  newOrganizationRepository,
  organization.addChildren([
    organizationIndex,
    organizationRepositories,
    people,
    teams,
    newTeam,
    team.addChildren([teamMembers, teamMembersLong, teamRepositories, teamChildren, teamEdit]),
  ]),
  organizationSettings.addChildren([organizationSettingsIndex, organizationProfile, memberPrivileges, auditLog]),
] as const;
