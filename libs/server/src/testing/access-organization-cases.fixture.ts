/** Whom every route of organizations and teams serves, and a request that succeeds for them. */
import type { ApiRouteName } from "@guts/api";

import { anybody, signedIn, type AccessCase, type Prepare } from "./access-case.fixture.ts";
import { ownOrganization } from "./access-requests.fixture.ts";
import { drawName } from "./drawn.fixture.ts";
import type { OrganizationRequests } from "./organization-requests.fixture.ts";

type OrganizationRoute =
  | Extract<ApiRouteName, `${string} /api/v3/orgs/{org}${string}` | `${string} /api/v3/admin/organizations${string}`>
  | Extract<ApiRouteName, `${string} /api/v3/user/memberships${string}`>
  | Extract<ApiRouteName, `GET /api/guts/view/org${string}`>
  | "GET /api/v3/user/orgs"
  | "GET /api/v3/users/{username}/orgs"
  | "GET /api/v3/user/teams";

type Path = Promise<Readonly<Record<string, string>>>;
/** A request about what the caller has, made for it. */
const about =
  (
    find: (organizations: OrganizationRequests, caller: Parameters<Prepare>[0]["caller"]) => Path,
    body?: object,
  ): Prepare =>
  async ({ caller, organizations }) => ({ path: await find(organizations, caller), ...(body && { body }) });
const team = (body?: object): Prepare => about((organizations, caller) => organizations.team(caller), body);
const found =
  (body?: () => object): Prepare =>
  async ({ caller, organizations }) => ({
    path: { org: await organizations.found(caller) },
    ...(body && { body: body() }),
  });

/** A line for each of them. */
export const organizationCases: Readonly<Record<OrganizationRoute, AccessCase>> = {
  "GET /api/guts/view/organizations": signedIn(),
  "GET /api/guts/view/orgs/{org}": anybody(ownOrganization()),
  "GET /api/guts/view/orgs/{org}/people": anybody(ownOrganization()),
  "GET /api/guts/view/orgs/{org}/invitations": signedIn("admin:org", ownOrganization()),
  "GET /api/guts/view/orgs/{org}/teams": signedIn("read:org", ownOrganization()),
  "GET /api/guts/view/orgs/{org}/teams/{team_slug}": signedIn("read:org", team()),
  "GET /api/guts/view/orgs/{org}/teams/{team_slug}/members": signedIn("read:org", team()),
  "GET /api/guts/view/orgs/{org}/teams/{team_slug}/repositories": signedIn("read:org", team()),

  "POST /api/v3/admin/organizations": signedIn("admin:org", () => ({ body: { login: drawName() } })),
  "PATCH /api/v3/admin/organizations/{org}": signedIn(
    "admin:org",
    found(() => ({ login: drawName() })),
  ),
  "GET /api/v3/orgs/{org}/audit-log": signedIn("read:audit_log", async ({ caller, organizations }) => ({
    path: { org: await organizations.own(caller) },
  })),
  "GET /api/v3/user/orgs": signedIn(),
  "GET /api/v3/users/{username}/orgs": anybody(({ world }) => ({ path: { username: world.owner.handle } })),
  "GET /api/v3/user/memberships/orgs": signedIn("read:org"),
  "GET /api/v3/user/memberships/orgs/{org}": signedIn("read:org", ownOrganization()),
  "PATCH /api/v3/user/memberships/orgs/{org}": signedIn("write:org", async ({ caller, organizations }) => ({
    path: { org: await organizations.inviting(caller) },
    body: { state: "active" },
  })),

  "GET /api/v3/orgs/{org}": anybody(ownOrganization()),
  "PATCH /api/v3/orgs/{org}": signedIn("admin:org", ownOrganization({ description: "described" })),
  "DELETE /api/v3/orgs/{org}": signedIn("admin:org", found()),
  "GET /api/v3/orgs/{org}/repos": anybody(ownOrganization()),
  "POST /api/v3/orgs/{org}/repos": signedIn("public_repo", (at) => ownOrganization({ name: drawName() })(at)),

  "GET /api/v3/orgs/{org}/members": anybody(ownOrganization()),
  "GET /api/v3/orgs/{org}/members/{username}": anybody(
    about((organizations, caller) => organizations.ownMembership(caller)),
  ),
  "DELETE /api/v3/orgs/{org}/members/{username}": signedIn(
    "admin:org",
    about((organizations, caller) => organizations.joined(caller)),
  ),
  "GET /api/v3/orgs/{org}/public_members": anybody(ownOrganization()),
  "GET /api/v3/orgs/{org}/public_members/{username}": anybody(
    about((organizations, caller) => organizations.shownMembership(caller)),
  ),
  "PUT /api/v3/orgs/{org}/public_members/{username}": signedIn(
    "write:org",
    about((organizations, caller) => organizations.concealedMembership(caller)),
  ),
  "DELETE /api/v3/orgs/{org}/public_members/{username}": signedIn(
    "write:org",
    about((organizations, caller) => organizations.shownMembership(caller)),
  ),
  "GET /api/v3/orgs/{org}/memberships/{username}": signedIn(
    "read:org",
    about((organizations, caller) => organizations.ownMembership(caller)),
  ),
  "PUT /api/v3/orgs/{org}/memberships/{username}": signedIn("admin:org", async ({ world, caller, organizations }) => ({
    path: { org: await organizations.own(caller), username: world.home.handle },
    body: { role: "member" },
  })),
  "DELETE /api/v3/orgs/{org}/memberships/{username}": signedIn(
    "admin:org",
    about((organizations, caller) => organizations.invited(caller)),
  ),

  "GET /api/v3/orgs/{org}/invitations": signedIn("admin:org", ownOrganization()),
  "POST /api/v3/orgs/{org}/invitations": signedIn("admin:org", (at) =>
    ownOrganization({ invitee_id: at.world.home.id, role: "admin" })(at),
  ),
  "DELETE /api/v3/orgs/{org}/invitations/{invitation_id}": signedIn(
    "admin:org",
    about((organizations, caller) => organizations.invitation(caller)),
  ),
  "GET /api/v3/orgs/{org}/invitations/{invitation_id}/teams": signedIn(
    "admin:org",
    about((organizations, caller) => organizations.invitation(caller)),
  ),

  "GET /api/v3/user/teams": signedIn("read:org"),
  "GET /api/v3/orgs/{org}/teams": signedIn("read:org", ownOrganization()),
  "POST /api/v3/orgs/{org}/teams": signedIn("admin:org", (at) => ownOrganization({ name: drawName() })(at)),
  "GET /api/v3/orgs/{org}/teams/{team_slug}": signedIn("read:org", team()),
  "PATCH /api/v3/orgs/{org}/teams/{team_slug}": signedIn("admin:org", team({ description: "described" })),
  "DELETE /api/v3/orgs/{org}/teams/{team_slug}": signedIn("admin:org", team()),
  "GET /api/v3/orgs/{org}/teams/{team_slug}/teams": signedIn("read:org", team()),
  "GET /api/v3/orgs/{org}/teams/{team_slug}/members": signedIn("read:org", team()),
  "GET /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": signedIn(
    "read:org",
    about((organizations, caller) => organizations.teamMembership(caller)),
  ),
  "PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": signedIn(
    "admin:org",
    async ({ caller, organizations }) => ({
      path: { ...(await organizations.ownMembership(caller)), ...(await organizations.team(caller)) },
      body: { role: "maintainer" },
    }),
  ),
  "DELETE /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": signedIn(
    "write:org",
    about((organizations, caller) => organizations.teamMembership(caller)),
  ),
  "GET /api/v3/orgs/{org}/teams/{team_slug}/repos": signedIn("read:org", team()),
  "GET /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": signedIn(
    "read:org",
    about((organizations, caller) => organizations.teamRepository(caller)),
  ),
  // To see the team takes one scope, to administer the repository another: no token here with one scope has both.
  "PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": signedIn(
    "gist",
    async ({ caller, organizations }) => ({
      path: { ...(await organizations.team(caller)), ...(await organizations.repository(caller)) },
      body: { permission: "push" },
    }),
  ),
  "DELETE /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": signedIn(
    "admin:org",
    about((organizations, caller) => organizations.teamRepository(caller)),
  ),
};
