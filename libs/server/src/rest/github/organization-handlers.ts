import type { OrganizationUpdate } from "@guts/api";
import { creationOf } from "@guts/governance";
import { ledgerLimits, type Account } from "@guts/ledger";
import { parseHandle } from "@guts/primitives";

import type { Actor } from "../../auth/actor.ts";
import { invalidField, notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { createRepository, optionsOf } from "../../use-cases/change-repositories.ts";
import { awaitReadModel, readableRepositories } from "../../use-cases/lists.ts";
import {
  locateOrganization,
  openOrganization,
  requirePerson,
  seesMembers,
  submitChange,
  type OpenedOrganization,
} from "../../use-cases/organizations.ts";
import { permissionOf } from "../../use-cases/permission.ts";
import { requireApplied } from "../../use-cases/rejection.ts";
import { textReader, Texts } from "../../use-cases/texts.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { presentMembership, presentOrganization, presentOrganizationSimple } from "./present-organization.ts";
import { presentRepository } from "./present-repository.ts";
import { presentSimpleUser } from "./present-user.ts";
import { Urls } from "./urls.ts";

type Org = "/api/v3/orgs/{org}";
type ProfileName = "POST /api/v3/admin/organizations" | "GET /api/v3/user/orgs" | `${"GET" | "PATCH"} ${Org}`;
type RepositoryName = `${"GET" | "POST"} ${Org}/repos`;
type MemberName =
  | `GET ${Org}/members`
  | `${"GET" | "PUT" | "DELETE"} ${Org}/memberships/{username}`
  | "PATCH /api/v3/user/memberships/orgs/{org}";

/** Organizations, their repositories and members, in GitHub's shapes. */
export function organizationHandlers(
  services: Services,
): Pick<RouteHandlers, ProfileName | RepositoryName | MemberName> {
  return { ...profileHandlers(services), ...repositoryHandlers(services), ...memberHandlers(services) };
}

function profileHandlers(services: Services): Pick<RouteHandlers, ProfileName> {
  const { ledger, readModel } = services;
  const text = textReader(ledger);
  const present = async (
    opened: OpenedOrganization,
    actor: Actor,
    call: Pick<Call<`GET ${Org}`>, "baseUrl" | "signal">,
  ) => {
    const { state, organization } = opened;
    await awaitReadModel(services, call.signal);
    const counts = await readModel.accountCounts(organization.id, ledger.time(), call.signal);
    const settings = seesMembers(opened, actor) ? state.organizations.settings(organization.id) : undefined;
    const shown = { publicRepositoryCount: counts.ownedPublic, settings };
    return presentOrganization(organization, { urls: new Urls(call.baseUrl), text }, shown);
  };
  return {
    "POST /api/v3/admin/organizations": async (call) => {
      const { organization, height } = await foundOrganization(services, call);
      const body = presentOrganizationSimple(organization, { urls: new Urls(call.baseUrl), text });
      return { status: 201, body, height };
    },
    "GET /api/v3/user/orgs": (call) => {
      const state = ledger.state();
      // As on GitHub: those that the token may know of.
      const all = [...state.organizations.organizationsOf(call.actor.account.id)].filter((id) =>
        seesMembers({ state, organization: state.account(id)! }, call.actor),
      );
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(all, page);
      const presenting = { urls: new Urls(call.baseUrl), text };
      const body = items.map((id) => presentOrganizationSimple(state.account(id)!, presenting));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/orgs/{org}": async (call) => ({
      status: 200,
      body: await present(locateOrganization(ledger, call.path.org), call.actor, call),
    }),
    "PATCH /api/v3/orgs/{org}": async (call) => {
      const { organization } = openOrganization(ledger, call.actor, call.path.org, "administer");
      const height = await updateOrganization(services, call, organization);
      return {
        status: 200,
        body: await present(locateOrganization(ledger, organization.handle), call.actor, call),
        height,
      };
    },
  };
}

async function foundOrganization(services: Services, call: Call<"POST /api/v3/admin/organizations">) {
  const { login, admin, profile_name: name } = call.body;
  const handle = parseHandle(login);
  if (handle === undefined)
    throw invalidField({ resource: "Organization", field: "login", message: "is no name of an organization" });
  if (admin !== undefined && admin.toLowerCase() !== call.actor.account.handle.toLowerCase())
    throw invalidField({ resource: "Organization", field: "admin", message: "must be who creates the organization" });
  const texts = new Texts(services.random, ledgerLimits.profileFieldBytesMax);
  const payload = { handle, displayName: texts.ref("profile_name", name) };
  const command = { kind: "organization.create", payload } as const;
  const { height } = requireApplied(await services.transactions.submit(command, optionsOf(call, { texts })));
  return { ...locateOrganization(services.ledger, handle), height };
}

async function updateOrganization(services: Services, call: Call<`PATCH ${Org}`>, { id }: Account) {
  const { body } = call;
  const texts = new Texts(services.random, ledgerLimits.profileFieldBytesMax);
  const payload = {
    organization: id,
    displayName: texts.change("name", body.name),
    bio: texts.change("description", body.description),
    location: texts.change("location", body.location),
    website: texts.change("blog", body.blog),
    basePermission: body.default_repository_permission,
    repositoryCreation: creationWanted(body),
  };
  const command = { kind: "organization.update", payload } as const;
  return requireApplied(await services.transactions.submit(command, optionsOf(call, { texts }))).height;
}

function creationWanted(body: OrganizationUpdate) {
  const { members_can_create_repositories: may, members_allowed_repository_creation_type: type } = body;
  return type ?? (may === undefined ? undefined : may ? ("all" as const) : ("none" as const));
}

function repositoryHandlers(services: Services): Pick<RouteHandlers, RepositoryName> {
  const { ledger, readModel, sshAddress } = services;
  const text = textReader(ledger);
  return {
    "GET /api/v3/orgs/{org}/repos": async (call) => {
      const { state, organization } = locateOrganization(ledger, call.path.org);
      await awaitReadModel(services, call.signal);
      const page = pageOf(call.query);
      const viewer = call.actor.account?.id;
      const order = { affiliation: "owner", sort: "created", direction: "desc" } as const;
      const query = { ...page, ...order, account: organization.id, viewer };
      const { items, hasMore } = await readModel.listRepositories(query, call.signal);
      const urls = new Urls(call.baseUrl);
      const body = readableRepositories(services, call.actor, items).map((located) => {
        const held = viewer === undefined ? undefined : permissionOf(state, located.repository, viewer);
        return presentRepository(located, { urls, text, held, sshAddress });
      });
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "POST /api/v3/orgs/{org}/repos": async (call) => {
      const isPrivate = call.body.visibility === "private" || (call.body.visibility === undefined && call.body.private);
      const action = creationOf(isPrivate === true ? "private" : "public");
      const { organization } = openOrganization(ledger, call.actor, call.path.org, action);
      const { opened, height } = await createRepository(services, call, call.body, organization);
      const body = presentRepository(opened, { urls: new Urls(call.baseUrl), text, held: opened.held, sshAddress });
      return { status: 201, body, headers: { location: body.url }, ...(height !== undefined && { height }) };
    },
  };
}

function memberHandlers(services: Services): Pick<RouteHandlers, MemberName> {
  const { ledger } = services;
  const text = textReader(ledger);
  const membership = (org: string, account: Account, baseUrl: string) => {
    const { state, organization } = locateOrganization(ledger, org);
    const body = presentMembership(state, { organization, account }, { urls: new Urls(baseUrl), text });
    if (body === undefined) throw notFound();
    return body;
  };
  return {
    "GET /api/v3/orgs/{org}/members": (call) => {
      const opened = locateOrganization(ledger, call.path.org);
      const isInside = seesMembers(opened, call.actor);
      const all = [...opened.state.organizations.members(opened.organization.id)].filter(
        ([, { visibility }]) => isInside || visibility === "public",
      );
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(all, page);
      const urls = new Urls(call.baseUrl);
      const body = items.map(([id]) => presentSimpleUser(opened.state.account(id)!, urls));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/orgs/{org}/memberships/{username}": (call) => {
      const { state } = openOrganization(ledger, call.actor, call.path.org, "read");
      const account = requirePerson(state, call.path.username);
      return { status: 200, body: membership(call.path.org, account, call.baseUrl) };
    },
    "PUT /api/v3/orgs/{org}/memberships/{username}": async (call) => {
      const { state, organization } = openOrganization(ledger, call.actor, call.path.org, "administer");
      const account = requirePerson(state, call.path.username);
      const role = call.body.role === "admin" ? ("owner" as const) : ("member" as const);
      const held = state.organizations.member(organization.id, account.id)?.role;
      const target = { organization: organization.id, account: account.id, role };
      const command =
        held === undefined
          ? ({ kind: "organization.invite", payload: { ...target, teams: [] } } as const)
          : ({ kind: "organization.set-role", payload: target } as const);
      const height = held === role ? undefined : await submitChange(services, call, command);
      const body = membership(call.path.org, account, call.baseUrl);
      return { status: 200, body, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/orgs/{org}/memberships/{username}": async (call) => {
      const { state, organization } = locateOrganization(ledger, call.path.org);
      const account = requirePerson(state, call.path.username);
      const payload = { organization: organization.id, account: account.id };
      const height = await submitChange(services, call, { kind: "organization.remove-member", payload });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
    "PATCH /api/v3/user/memberships/orgs/{org}": async (call) => {
      const { organization } = locateOrganization(ledger, call.path.org);
      const payload = { organization: organization.id };
      const height = await submitChange(services, call, { kind: "organization.accept", payload });
      const body = membership(call.path.org, call.actor.account, call.baseUrl);
      return { status: 200, body, ...(height !== undefined && { height }) };
    },
  };
}
