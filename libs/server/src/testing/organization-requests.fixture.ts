/** Organizations for callers to ask about: requests that succeed for whom a route serves. */
import type { Caller } from "./access-standing.fixture.ts";
import type { AccessWorld } from "./access-world.fixture.ts";

/** Somebody in an organization. */
export type OrganizationMember = Readonly<Record<"org" | "username", string>>;

/** Organizations of callers, and those that they are asked into. */
export class OrganizationRequests {
  readonly #world: () => AccessWorld;
  readonly #drawName: () => string;
  readonly #own = new Map<string, Promise<string>>();

  constructor(world: () => AccessWorld, drawName: () => string) {
    this.#world = world;
    this.#drawName = drawName;
  }

  /** An organization of the caller, the same every time. */
  async own(caller: Caller): Promise<string> {
    const { client, handle } = this.#person(caller);
    const login = this.#drawName();
    const founded =
      this.#own.get(handle) ??
      client.call("POST /api/v3/admin/organizations", { body: { login } }).then((made) => made.login);
    this.#own.set(handle, founded);
    return founded;
  }

  /** A new organization of the caller, for a request that changes it for good. */
  async found(caller: Caller): Promise<string> {
    const body = { login: this.#drawName() };
    return (await this.#person(caller).client.call("POST /api/v3/admin/organizations", { body })).login;
  }

  /** The caller's membership of its own organization. */
  async ownMembership(caller: Caller): Promise<OrganizationMember> {
    return { org: await this.own(caller), username: this.#person(caller).handle };
  }

  /** The same, which strangers see. */
  async shownMembership(caller: Caller): Promise<OrganizationMember> {
    const path = await this.ownMembership(caller);
    await this.#person(caller).client.call("PUT /api/v3/orgs/{org}/public_members/{username}", { path });
    return path;
  }

  /** The same, which strangers do not see. */
  async concealedMembership(caller: Caller): Promise<OrganizationMember> {
    const path = await this.ownMembership(caller);
    await this.#person(caller).client.call("DELETE /api/v3/orgs/{org}/public_members/{username}", { path });
    return path;
  }

  /** Somebody who has joined the caller's organization. */
  async joined(caller: Caller): Promise<OrganizationMember> {
    const path = await this.invited(caller);
    const { client } = this.#world().bystander;
    const body = { state: "active" } as const;
    await client.call("PATCH /api/v3/user/memberships/orgs/{org}", { path: { org: path.org }, body });
    return path;
  }

  /** The number of a new invitation to the caller's organization. */
  async invitation(caller: Caller): Promise<{ readonly org: string; readonly invitation_id: string }> {
    const org = await this.found(caller);
    const { id: invitee } = this.#world().bystander;
    const made = await this.#person(caller).client.call("POST /api/v3/orgs/{org}/invitations", {
      path: { org },
      body: { invitee_id: invitee },
    });
    return { org, invitation_id: String(made.id) };
  }

  /** Somebody whom the caller has invited. */
  async invited(caller: Caller): Promise<OrganizationMember> {
    const path = { org: await this.own(caller), username: this.#world().bystander.handle };
    await this.#person(caller).client.call("PUT /api/v3/orgs/{org}/memberships/{username}", { path, body: {} });
    return path;
  }

  /** An organization of the bystander, who asks the caller in. */
  async inviting(caller: Caller): Promise<string> {
    const { client } = this.#world().bystander;
    const { login: org } = await client.call("POST /api/v3/admin/organizations", { body: { login: this.#drawName() } });
    const path = { org, username: this.#person(caller).handle };
    await client.call("PUT /api/v3/orgs/{org}/memberships/{username}", { path, body: {} });
    return org;
  }

  /** A new team of the caller's organization. */
  async team(caller: Caller): Promise<{ readonly org: string; readonly team_slug: string }> {
    const org = await this.own(caller);
    const body = { name: this.#drawName() };
    const { slug } = await this.#person(caller).client.call("POST /api/v3/orgs/{org}/teams", { path: { org }, body });
    return { org, team_slug: slug };
  }

  /** The caller's membership of a new team. */
  async teamMembership(caller: Caller) {
    const path = { ...(await this.team(caller)), username: this.#person(caller).handle };
    const put = "PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}" as const;
    await this.#person(caller).client.call(put, { path, body: {} });
    return path;
  }

  /** A new team with a role on a new repository. */
  async teamRepository(caller: Caller) {
    const path = { ...(await this.team(caller)), ...(await this.repository(caller)) };
    const put = "PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}" as const;
    await this.#person(caller).client.call(put, { path, body: { permission: "pull" } });
    return path;
  }

  /** A new repository of the caller's organization. */
  async repository(caller: Caller): Promise<{ readonly owner: string; readonly repo: string }> {
    const org = await this.own(caller);
    const body = { name: this.#drawName() };
    const made = await this.#person(caller).client.call("POST /api/v3/orgs/{org}/repos", { path: { org }, body });
    return { owner: org, repo: made.name };
  }

  #person(caller: Caller) {
    return caller.account ?? this.#world().owner;
  }
}
