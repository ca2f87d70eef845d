import { creationOf } from "@guts/governance";

import type { Actor } from "../../auth/actor.ts";
import { notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { createRepository } from "../../use-cases/change-repositories.ts";
import {
  deleteOrganization,
  foundOrganization,
  renameOrganization,
  updateOrganization,
} from "../../use-cases/change-organizations.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { awaitReadModel, readableRepositories } from "../../use-cases/lists.ts";
import {
  locateOrganization,
  openOrganization,
  seesMembers,
  type OpenedOrganization,
} from "../../use-cases/organizations.ts";
import { permissionOf } from "../../use-cases/permission.ts";
import { textReader } from "../../use-cases/texts.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { presentOrganization, presentOrganizationSimple } from "./present-organization.ts";
import { presentationOf, presentRepository } from "./present-repository.ts";
import { Urls } from "./urls.ts";

type Org = "/api/v3/orgs/{org}";
type ProfileName =
  | "POST /api/v3/admin/organizations"
  | "PATCH /api/v3/admin/organizations/{org}"
  | `${"GET" | "PATCH" | "DELETE"} ${Org}`;
type ListName = "GET /api/v3/user/orgs" | "GET /api/v3/users/{username}/orgs";
type RepositoryName = `${"GET" | "POST"} ${Org}/repos`;

/** Organizations and their repositories, in GitHub's shapes. */
export function organizationHandlers(services: Services): Pick<RouteHandlers, ProfileName | ListName | RepositoryName> {
  return { ...profileHandlers(services), ...listHandlers(services), ...repositoryHandlers(services) };
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
    const shown = { counts, settings, follows: state.followCounts(organization.id) };
    return presentOrganization(organization, { urls: new Urls(call.baseUrl), text }, shown);
  };
  return {
    "POST /api/v3/admin/organizations": async (call) => {
      const { organization, height } = await foundOrganization(services, call, call.body);
      const body = presentOrganizationSimple(organization, { urls: new Urls(call.baseUrl), text });
      return { status: 201, body, height };
    },
    "PATCH /api/v3/admin/organizations/{org}": async (call) => {
      const wish = { org: call.path.org, login: call.body.login };
      const { organization, height } = await renameOrganization(services, call, wish);
      const url = `${new Urls(call.baseUrl).api}/orgs/${organization.handle}`;
      const message = `The organization is now called ${organization.handle}.`;
      return { status: 202, body: { message, url }, ...(height !== undefined && { height }) };
    },
    "GET /api/v3/orgs/{org}": async (call) => ({
      status: 200,
      body: await present(locateOrganization(ledger, call.path.org), call.actor, call),
    }),
    "PATCH /api/v3/orgs/{org}": async (call) => {
      const { organization } = openOrganization(ledger, call.actor, call.path.org, "administer");
      const height = await updateOrganization(services, call, { organization, body: call.body });
      const body = await present(locateOrganization(ledger, organization.handle), call.actor, call);
      return { status: 200, body, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/orgs/{org}": async (call) => {
      const height = await deleteOrganization(services, call, call.path.org);
      return { status: 202, body: {}, ...(height !== undefined && { height }) };
    },
  };
}

function listHandlers({ ledger }: Services): Pick<RouteHandlers, ListName> {
  const text = textReader(ledger);
  const list = (call: Call<ListName>, all: readonly OpenedOrganization[]) => {
    // An account is in a hundred organizations at most, so they are read whole.
    const page = pageOf(call.query);
    const { items, hasMore } = slicePage(all, page);
    const presenting = { urls: new Urls(call.baseUrl), text };
    const body = items.map(({ organization }) => presentOrganizationSimple(organization, presenting));
    return { status: 200, body, headers: pageLinks(page, hasMore, call) } as const;
  };
  const organizationsOf = (account: Parameters<ReturnType<typeof ledger.state>["account"]>[0]) => {
    const state = ledger.state();
    return Array.from(state.organizations.organizationsOf(account), (id) => ({
      state,
      organization: state.account(id)!,
    }));
  };
  return {
    // As on GitHub: those that the token may know of.
    "GET /api/v3/user/orgs": (call) =>
      list(
        call,
        organizationsOf(call.actor.account.id).filter((opened) => seesMembers(opened, call.actor)),
      ),
    "GET /api/v3/users/{username}/orgs": (call) => {
      const found = findAccount(ledger.state(), call.path.username)?.account;
      if (found === undefined) throw notFound();
      const isShown = ({ state, organization }: OpenedOrganization) =>
        state.organizations.member(organization.id, found.id)?.visibility === "public";
      return list(call, organizationsOf(found.id).filter(isShown));
    },
  };
}

function repositoryHandlers(services: Services): Pick<RouteHandlers, RepositoryName> {
  const { ledger, readModel } = services;
  return {
    "GET /api/v3/orgs/{org}/repos": async (call) => {
      const { state, organization } = locateOrganization(ledger, call.path.org);
      await awaitReadModel(services, call.signal);
      const page = pageOf(call.query);
      const viewer = call.actor.account?.id;
      const order = { affiliation: "owner", sort: "created", direction: "desc" } as const;
      const query = { ...page, ...order, account: organization.id, viewer };
      const { items, hasMore } = await readModel.listRepositories(query, call.signal);
      const body = readableRepositories(services, call.actor, items).map((located) => {
        const held = viewer === undefined ? undefined : permissionOf(state, located.repository, viewer);
        return presentRepository(located, { ...presentationOf(services, call), held });
      });
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "POST /api/v3/orgs/{org}/repos": async (call) => {
      const isPrivate = call.body.visibility === "private" || (call.body.visibility === undefined && call.body.private);
      const action = creationOf(isPrivate === true ? "private" : "public");
      const { organization } = openOrganization(ledger, call.actor, call.path.org, action);
      const { opened, height } = await createRepository(services, call, call.body, organization);
      const body = presentRepository(opened, { ...presentationOf(services, call), held: opened.held });
      return { status: 201, body, headers: { location: body.url }, ...(height !== undefined && { height }) };
    },
  };
}
