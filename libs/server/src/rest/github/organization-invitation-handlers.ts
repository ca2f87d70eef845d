import type { Account } from "@guts/ledger";
import type { AccountId } from "@guts/primitives";

import { notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { inviteToOrganization } from "../../use-cases/change-organizations.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import {
  locateOrganization,
  membershipOf,
  openInvitationOf,
  openOrganization,
  requireOwnMemberships,
  seesMembers,
  submitChange,
  teamsSeen,
  type OpenedOrganization,
} from "../../use-cases/organizations.ts";
import { textReader } from "../../use-cases/texts.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { presentMembership, presentOrganizationInvitation } from "./present-organization.ts";
import { presentTeam } from "./present-team.ts";
import { Urls } from "./urls.ts";

type OwnName = "GET /api/v3/user/memberships/orgs" | `${"GET" | "PATCH"} /api/v3/user/memberships/orgs/{org}`;
type Invitations = "/api/v3/orgs/{org}/invitations";
type InvitationName =
  | `${"GET" | "POST"} ${Invitations}`
  | `DELETE ${Invitations}/{invitation_id}`
  | `GET ${Invitations}/{invitation_id}/teams`;

/** Invitations to organizations and one's own memberships, in GitHub's shapes. */
export function organizationInvitationHandlers(services: Services): Pick<RouteHandlers, OwnName | InvitationName> {
  return { ...ownHandlers(services), ...invitationHandlers(services) };
}

function ownHandlers(services: Services): Pick<RouteHandlers, OwnName> {
  const { ledger } = services;
  const text = textReader(ledger);
  const present = (opened: OpenedOrganization, account: Account, urls: Urls) => {
    const membership = membershipOf(ledger, opened, account.id);
    return membership === undefined
      ? undefined
      : presentMembership({ organization: opened.organization, account, membership }, { urls, text });
  };
  const own = (call: Call<`${"GET" | "PATCH"} /api/v3/user/memberships/orgs/{org}`>) => {
    const body = present(locateOrganization(ledger, call.path.org), call.actor.account, new Urls(call.baseUrl));
    if (body === undefined) throw notFound();
    return body;
  };
  return {
    "GET /api/v3/user/memberships/orgs": async (call) => {
      requireOwnMemberships(call.actor);
      const page = pageOf(call.query);
      const ids = await ownOrganizations(services, call);
      const { items, hasMore } = slicePage(ids, page);
      const state = ledger.state();
      const urls = new Urls(call.baseUrl);
      const opened = items.flatMap((id) => state.account(id) ?? []).map((organization) => ({ state, organization }));
      const body = opened.flatMap((each) => present(each, call.actor.account, urls) ?? []);
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/user/memberships/orgs/{org}": (call) => {
      requireOwnMemberships(call.actor);
      return { status: 200, body: own(call) };
    },
    "PATCH /api/v3/user/memberships/orgs/{org}": async (call) => {
      const opened = locateOrganization(ledger, call.path.org);
      if (seesMembers(opened, call.actor)) return { status: 200, body: own(call) };
      const payload = { organization: opened.organization.id };
      const height = await submitChange(services, call, { kind: "organization.accept", payload });
      return { status: 200, body: own(call), ...(height !== undefined && { height }) };
    },
  };
}

/** Organizations of the actor, and those that it is asked into: a hundred of each at most. */
async function ownOrganizations(
  services: Services,
  { query, actor, signal }: Call<"GET /api/v3/user/memberships/orgs">,
): Promise<readonly AccountId[]> {
  const { ledger, readModel } = services;
  const { account } = actor;
  const active = query.state === "pending" ? [] : [...ledger.state().organizations.organizationsOf(account.id)];
  if (query.state === "active") return active;
  await awaitReadModel(services, signal);
  const pending = await readModel.organizationInvitations(account.id, ledger.time(), signal);
  return [...active, ...pending.map(({ organization }) => organization.id)];
}

function invitationHandlers(services: Services): Pick<RouteHandlers, InvitationName> {
  const { ledger, readModel } = services;
  const text = textReader(ledger);
  const describe = (opened: OpenedOrganization, id: AccountId, urls: Urls) => {
    const { state, organization } = opened;
    const row = openInvitationOf(ledger, opened, id);
    const invitee = state.account(id);
    const inviter = row === undefined ? undefined : state.account(row.invitedBy);
    if (row === undefined || invitee === undefined || inviter === undefined) return undefined;
    return presentOrganizationInvitation({ organization, invitee, inviter, row }, { urls, text });
  };
  return {
    "GET /api/v3/orgs/{org}/invitations": async (call) => {
      const { organization } = openOrganization(ledger, call.actor, call.path.org, "administer");
      await awaitReadModel(services, call.signal);
      const { role: wanted = "all" } = call.query;
      const role = wanted === "all" ? undefined : wanted === "admin" ? ("owner" as const) : ("member" as const);
      const page = pageOf(call.query);
      const query = { ...page, organization: organization.id, role, now: ledger.time() };
      const { items, hasMore } = await readModel.organizations.invitations(query, call.signal);
      const urls = new Urls(call.baseUrl);
      const opened = { state: ledger.state(), organization };
      const body = items.flatMap((id) => describe(opened, id, urls) ?? []);
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "POST /api/v3/orgs/{org}/invitations": async (call) => {
      const { account, height } = await inviteToOrganization(services, call, { org: call.path.org, body: call.body });
      const body = describe(locateOrganization(ledger, call.path.org), account.id, new Urls(call.baseUrl));
      if (body === undefined) throw notFound();
      return { status: 201, body, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/orgs/{org}/invitations/{invitation_id}": async (call) => {
      const { organization, account } = await openInvitation(services, call);
      const payload = { organization: organization.id, account };
      const height = await submitChange(services, call, { kind: "organization.cancel-invitation", payload });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
    "GET /api/v3/orgs/{org}/invitations/{invitation_id}/teams": async (call) => {
      const { state, organization, account } = await openInvitation(services, call);
      const row = openInvitationOf(ledger, { state, organization }, account);
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(teamsSeen(state, call.actor, row?.teams ?? []), page);
      const presenting = { urls: new Urls(call.baseUrl), text };
      const body = items.map((team) => presentTeam(state, { team, organization }, presenting));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
  };
}

/** The invitation that the path names, if the actor may manage it. Throws `Refusal`. */
async function openInvitation(
  services: Services,
  call: Call<`DELETE ${Invitations}/{invitation_id}` | `GET ${Invitations}/{invitation_id}/teams`>,
): Promise<OpenedOrganization & { readonly account: AccountId }> {
  const { ledger, readModel } = services;
  const { org, invitation_id: text } = call.path;
  const { organization } = openOrganization(ledger, call.actor, org, "administer");
  await awaitReadModel(services, call.signal);
  const number = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
  const account =
    number === undefined ? undefined : await readModel.organizations.invitation(organization.id, number, call.signal);
  const opened = { state: ledger.state(), organization };
  if (account === undefined || openInvitationOf(ledger, opened, account) === undefined) throw notFound();
  return { ...opened, account };
}
