import { notFound, Refusal } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { endMembership, setMembership } from "../../use-cases/change-organizations.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import {
  locateOrganization,
  membershipOf,
  openOrganization,
  requirePerson,
  seesMembers,
  submitChange,
  type OpenedOrganization,
} from "../../use-cases/organizations.ts";
import { textReader } from "../../use-cases/texts.ts";
import { pageLinks, pageOf } from "../paging.ts";
import { presentMembership } from "./present-organization.ts";
import { presentSimpleUser } from "./present-user.ts";
import { Urls } from "./urls.ts";

type Org = "/api/v3/orgs/{org}";
type MemberName = `GET ${Org}/members` | `${"GET" | "DELETE"} ${Org}/members/{username}`;
type PublicName = `GET ${Org}/public_members` | `${"GET" | "PUT" | "DELETE"} ${Org}/public_members/{username}`;
type MembershipName = `${"GET" | "PUT" | "DELETE"} ${Org}/memberships/{username}`;

/** Who is in an organization, in GitHub's shapes. */
export function memberHandlers(services: Services): Pick<RouteHandlers, MemberName | PublicName | MembershipName> {
  return { ...listHandlers(services), ...publicHandlers(services), ...membershipHandlers(services) };
}

type ListCall = Call<`GET ${Org}/members`> | Call<`GET ${Org}/public_members`>;

/** One page of members, and of strangers' view those who show it. */
async function listMembers(
  services: Services,
  call: ListCall,
  of: { readonly role?: "owner" | "member" | undefined; readonly isPublic: boolean },
) {
  const { organization } = locateOrganization(services.ledger, call.path.org);
  await awaitReadModel(services, call.signal);
  const page = pageOf(call.query);
  const query = { ...page, ...of, organization: organization.id };
  const { items, hasMore } = await services.readModel.organizations.members(query, call.signal);
  const urls = new Urls(call.baseUrl);
  const state = services.ledger.state();
  const body = items.flatMap((id) => state.account(id) ?? []).map((account) => presentSimpleUser(account, urls));
  return { status: 200, body, headers: pageLinks(page, hasMore, call) } as const;
}

function listHandlers(services: Services): Pick<RouteHandlers, MemberName> {
  const { ledger } = services;
  return {
    "GET /api/v3/orgs/{org}/members": async (call) => {
      const { role: wanted = "all" } = call.query;
      const role = wanted === "all" ? undefined : wanted === "admin" ? ("owner" as const) : ("member" as const);
      const isPublic = !seesMembers(locateOrganization(ledger, call.path.org), call.actor);
      return listMembers(services, call, { role, isPublic });
    },
    "GET /api/v3/orgs/{org}/members/{username}": (call) => {
      const opened = locateOrganization(ledger, call.path.org);
      const { state, organization } = opened;
      if (!seesMembers(opened, call.actor)) {
        const { api } = new Urls(call.baseUrl);
        const location = `${api}/orgs/${organization.handle}/public_members/${encodeURIComponent(call.path.username)}`;
        return { status: 302, body: undefined, headers: { location } };
      }
      const account = requirePerson(state, call.path.username);
      if (state.organizations.member(organization.id, account.id) === undefined) throw notFound();
      return { status: 204, body: undefined };
    },
    "DELETE /api/v3/orgs/{org}/members/{username}": async (call) => {
      const { org, username } = call.path;
      const isSelf = username.toLowerCase() === call.actor.account.handle.toLowerCase();
      // Who may not remove members does not learn who is one.
      const opened = isSelf ? locateOrganization(ledger, org) : openOrganization(ledger, call.actor, org, "administer");
      const account = requirePerson(opened.state, username);
      if (opened.state.organizations.member(opened.organization.id, account.id) === undefined) throw notFound();
      const height = await endMembership(services, call, { org, username });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
  };
}

function publicHandlers(services: Services): Pick<RouteHandlers, PublicName> {
  const { ledger } = services;
  const visibilityOf = ({ state, organization }: OpenedOrganization, username: string) =>
    state.organizations.member(organization.id, requirePerson(state, username).id)?.visibility;
  const show = async (
    call: Call<`${"PUT" | "DELETE"} ${Org}/public_members/{username}`>,
    visibility: "public" | "concealed",
  ) => {
    const opened = locateOrganization(ledger, call.path.org);
    const { account } = call.actor;
    if (requirePerson(opened.state, call.path.username).id !== account.id)
      throw new Refusal("forbidden", "Members show or conceal their own membership, and nobody else's.");
    const payload = { organization: opened.organization.id, visibility };
    const isSo = visibilityOf(opened, account.handle) === visibility;
    const height = isSo
      ? undefined
      : await submitChange(services, call, { kind: "organization.set-visibility", payload });
    return { status: 204, body: undefined, ...(height !== undefined && { height }) } as const;
  };
  return {
    "GET /api/v3/orgs/{org}/public_members": async (call) => listMembers(services, call, { isPublic: true }),
    "GET /api/v3/orgs/{org}/public_members/{username}": (call) => {
      const opened = locateOrganization(ledger, call.path.org);
      if (visibilityOf(opened, call.path.username) !== "public") throw notFound();
      return { status: 204, body: undefined };
    },
    "PUT /api/v3/orgs/{org}/public_members/{username}": async (call) => show(call, "public"),
    "DELETE /api/v3/orgs/{org}/public_members/{username}": async (call) => show(call, "concealed"),
  };
}

function membershipHandlers(services: Services): Pick<RouteHandlers, MembershipName> {
  const { ledger } = services;
  const text = textReader(ledger);
  const present = (org: string, username: string, baseUrl: string) => {
    const opened = locateOrganization(ledger, org);
    const account = requirePerson(opened.state, username);
    const membership = membershipOf(ledger, opened, account.id);
    if (membership === undefined) throw notFound();
    const { organization } = opened;
    return presentMembership({ organization, account, membership }, { urls: new Urls(baseUrl), text });
  };
  return {
    "GET /api/v3/orgs/{org}/memberships/{username}": (call) => {
      openOrganization(ledger, call.actor, call.path.org, "read");
      return { status: 200, body: present(call.path.org, call.path.username, call.baseUrl) };
    },
    "PUT /api/v3/orgs/{org}/memberships/{username}": async (call) => {
      const role = call.body.role === "admin" ? ("owner" as const) : ("member" as const);
      const { account, height } = await setMembership(services, call, { ...call.path, role });
      const body = present(call.path.org, account.handle, call.baseUrl);
      return { status: 200, body, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/orgs/{org}/memberships/{username}": async (call) => {
      const height = await endMembership(services, call, call.path);
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
  };
}
