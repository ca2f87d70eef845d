/**
 * Repositories of an organization, in which people come to the same roles by the ways that only organizations have.
 *
 * The reader is a member whom the base permission lets read, the triager a member of a team, the maintainer one of a team's
 * child team; the writer is an outside collaborator, and the administrator of the repository too.
 */
import type { People, Target } from "./access-standing.fixture.ts";
import type { AccessWorld } from "./access-world.fixture.ts";
import type { TestAccount } from "./test-node.fixture.ts";

/** An organization with its teams. */
export interface MatrixOrganization {
  readonly login: string;
  readonly triagers: string;
  /** Of which the maintainer's team is a child. */
  readonly maintainers: string;
  readonly people: People;
}

/** Founds the organization, and takes its members in. */
export async function foundOrganization({ client }: TestAccount, people: People): Promise<MatrixOrganization> {
  const { login: org } = await client.call("POST /api/v3/admin/organizations", { body: { login: "matrix-org" } });
  await client.call("PATCH /api/v3/orgs/{org}", { path: { org }, body: { default_repository_permission: "read" } });
  for (const member of [people.reader, people.triager, people.maintainer]) {
    const path = { org, username: member.handle };
    await client.call("PUT /api/v3/orgs/{org}/memberships/{username}", { path, body: { role: "member" } });
    await member.client.call("PATCH /api/v3/user/memberships/orgs/{org}", { path: { org }, body: { state: "active" } });
  }
  const team = (name: string, parent?: number) =>
    client.call("POST /api/v3/orgs/{org}/teams", {
      path: { org },
      body: { name, privacy: "closed", ...(parent !== undefined && { parent_team_id: parent }) },
    });
  const join = (slug: string, { handle }: TestAccount) =>
    client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}", {
      path: { org, team_slug: slug, username: handle },
      body: { role: "member" },
    });
  const triagers = await team("triagers");
  const maintainers = await team("maintainers");
  const child = await team("nightly", maintainers.id);
  await join(triagers.slug, people.triager);
  await join(child.slug, people.maintainer);
  return { login: org, triagers: triagers.slug, maintainers: maintainers.slug, people };
}

/** A new repository of the organization, with everybody in their role. */
export async function createOrganizationTarget(
  world: AccessWorld,
  { login: org, triagers, maintainers, people }: MatrixOrganization,
  body: { readonly name: string; readonly private: boolean },
): Promise<Omit<Target, "visibility">> {
  const { client } = world.owner;
  const { id } = await client.call("POST /api/v3/orgs/{org}/repos", { path: { org }, body });
  const path = { owner: org, repo: body.name };
  const give = (team: string, permission: "triage" | "maintain") =>
    client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", {
      path: { ...path, org, team_slug: team },
      body: { permission },
    });
  await give(triagers, "triage");
  await give(maintainers, "maintain");
  await world.take(path, people.writer, "push");
  await world.take(path, people.admin, "admin");
  return { ...path, id };
}
