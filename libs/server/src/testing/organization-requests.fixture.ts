/** Organizations for callers to ask about: requests that succeed for whom a route serves. */
import type { Caller } from "./access-standing.fixture.ts";
import type { AccessWorld } from "./access-world.fixture.ts";

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

  /** The caller's membership of its own organization. */
  async ownMembership(caller: Caller): Promise<{ readonly org: string; readonly username: string }> {
    return { org: await this.own(caller), username: this.#person(caller).handle };
  }

  /** Somebody whom the caller has invited. */
  async invited(caller: Caller): Promise<{ readonly org: string; readonly username: string }> {
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
