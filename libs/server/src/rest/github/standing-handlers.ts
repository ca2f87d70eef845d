import type { RepositorySubscription } from "@guts/api";
import type { Account, SubscriptionState } from "@guts/ledger";

import { notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { changeStanding, requireTopics } from "../../use-cases/change-standing.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { awaitReadModel, readableRepositories } from "../../use-cases/lists.ts";
import { openAtPresentName, openRepository, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { permissionOf } from "../../use-cases/permission.ts";
import { isoTime } from "../iso-time.ts";
import { pageLinks, pageOf } from "../paging.ts";
import { presentationOf, presentRepository } from "./present-repository.ts";
import { presentSimpleUser } from "./present-user.ts";
import { Urls } from "./urls.ts";

type Repo = "/api/v3/repos/{owner}/{repo}";
type StarName = `${"GET" | "PUT" | "DELETE"} /api/v3/user/starred/{owner}/{repo}`;
type SubscriptionName = `${"GET" | "PUT" | "DELETE"} ${Repo}/subscription`;
type TopicsName = `${"GET" | "PUT"} ${Repo}/topics`;
type AudienceName = `GET ${Repo}/${"stargazers" | "subscribers"}`;
type OwnListName = `GET /api/v3/user/${"starred" | "subscriptions"}`;
type ListName = OwnListName | `GET /api/v3/users/{username}/${"starred" | "subscriptions"}`;
type Name = StarName | SubscriptionName | TopicsName | AudienceName | ListName;

/** Stars, watching and topics, in GitHub's shapes. */
export function standingHandlers(services: Services): Pick<RouteHandlers, Name> {
  return {
    ...starHandlers(services),
    ...subscriptionHandlers(services),
    ...topicsHandlers(services),
    ...listHandlers(services),
  };
}

function starHandlers(services: Services): Pick<RouteHandlers, StarName> {
  const { ledger } = services;
  const setStar = async (call: Call<StarName>, isStarred: boolean) => {
    const { repository } = openRepository(ledger, call.actor, call.path, "star");
    const payload = { repository: repository.id, isStarred };
    return noContent(await changeStanding(services, call, { kind: "star.set", payload }));
  };
  return {
    "GET /api/v3/user/starred/{owner}/{repo}": ({ actor, path }) => {
      const { state, repository } = openRepository(ledger, actor, path);
      if (!state.standing.isStarred(repository.id, actor.account.id)) throw notFound();
      return noContent(undefined);
    },
    "PUT /api/v3/user/starred/{owner}/{repo}": async (call) => setStar(call, true),
    "DELETE /api/v3/user/starred/{owner}/{repo}": async (call) => setStar(call, false),
  };
}

function subscriptionHandlers(services: Services): Pick<RouteHandlers, SubscriptionName> {
  const { ledger } = services;
  const setSubscription = async (call: Call<SubscriptionName>, subscription: SubscriptionState | undefined) => {
    const { repository } = openAtPresentName(ledger, call, "watch");
    const payload = { repository: repository.id, subscription };
    return changeStanding(services, call, { kind: "subscription.set", payload });
  };
  const present = (opened: OpenedRepository, call: Call<SubscriptionName>): RepositorySubscription | undefined => {
    const row = ledger.state().standing.subscription(opened.repository.id, call.actor.account.id);
    const url = new Urls(call.baseUrl).repository(opened.fullName);
    if (row === undefined) return undefined;
    const { state, sinceTime } = row;
    return {
      subscribed: state === "subscribed",
      ignored: state === "ignored",
      reason: null,
      created_at: isoTime(sinceTime),
      url: `${url}/subscription`,
      repository_url: url,
    };
  };
  return {
    "GET /api/v3/repos/{owner}/{repo}/subscription": (call) => {
      const body = present(openAtPresentName(ledger, call), call);
      if (body === undefined) throw notFound();
      return { status: 200, body };
    },
    "PUT /api/v3/repos/{owner}/{repo}/subscription": async (call) => {
      const { subscribed = false, ignored = false } = call.body;
      const height = await setSubscription(call, ignored ? "ignored" : subscribed ? "subscribed" : undefined);
      const opened = openRepository(ledger, call.actor, call.path);
      const url = new Urls(call.baseUrl).repository(opened.fullName);
      const ended = { subscribed: false, ignored: false, reason: null, created_at: isoTime(ledger.time()) };
      const body = present(opened, call) ?? { ...ended, url: `${url}/subscription`, repository_url: url };
      return { status: 200, body, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/subscription": async (call) =>
      noContent(await setSubscription(call, undefined)),
  };
}

function topicsHandlers(services: Services): Pick<RouteHandlers, TopicsName> {
  const { ledger } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/topics": (call) => {
      const { state, repository } = openAtPresentName(ledger, call);
      return { status: 200, body: { names: [...state.standing.topics(repository.id)] } };
    },
    "PUT /api/v3/repos/{owner}/{repo}/topics": async (call) => {
      const { repository } = openAtPresentName(ledger, call, "update-settings");
      const topics = requireTopics(call.body.names);
      const payload = { repository: repository.id, topics };
      const height = await changeStanding(services, call, { kind: "topics.set", payload });
      return { status: 200, body: { names: [...topics] }, ...(height !== undefined && { height }) };
    },
  };
}

function listHandlers(services: Services): Pick<RouteHandlers, AudienceName | ListName> {
  const { ledger } = services;
  const account = (handle: string): Account => {
    const found = findAccount(ledger.state(), handle);
    if (found === undefined) throw notFound();
    return found.account;
  };
  return {
    "GET /api/v3/repos/{owner}/{repo}/stargazers": async (call) => listAudience(services, call, "stargazers"),
    "GET /api/v3/repos/{owner}/{repo}/subscribers": async (call) => listAudience(services, call, "subscribers"),
    "GET /api/v3/user/starred": async (call) =>
      listStandings(services, call, { account: call.actor.account, list: "starred", ...call.query }),
    "GET /api/v3/users/{username}/starred": async (call) =>
      listStandings(services, call, { account: account(call.path.username), list: "starred", ...call.query }),
    "GET /api/v3/user/subscriptions": async (call) =>
      listStandings(services, call, { account: call.actor.account, list: "watched" }),
    "GET /api/v3/users/{username}/subscriptions": async (call) =>
      listStandings(services, call, { account: account(call.path.username), list: "watched" }),
  };
}

interface Standings {
  readonly account: Account;
  readonly list: "starred" | "watched";
  readonly direction?: "asc" | "desc";
}

async function listStandings(
  services: Services,
  call: Call<ListName>,
  { account, list, direction = "desc" }: Standings,
) {
  await awaitReadModel(services, call.signal);
  const { ledger, readModel } = services;
  const page = pageOf(call.query);
  const viewer = call.actor.account?.id;
  const query = { ...page, account: account.id, viewer, list, direction };
  const { items, hasMore } = await readModel.standings(query, call.signal);
  const state = ledger.state();
  const shown = presentationOf(services, call);
  const body = readableRepositories(services, call.actor, items).map((located) => {
    const held = viewer === undefined ? undefined : permissionOf(state, located.repository, viewer);
    return presentRepository(located, { ...shown, held });
  });
  return { status: 200, body, headers: pageLinks(page, hasMore, call) } as const;
}

async function listAudience(services: Services, call: Call<AudienceName>, list: "stargazers" | "subscribers") {
  const { repository } = openAtPresentName(services.ledger, call);
  await awaitReadModel(services, call.signal);
  const page = pageOf(call.query);
  const query = { ...page, repository: repository.id, list };
  const { items, hasMore } = await services.readModel.audience(query, call.signal);
  const state = services.ledger.state();
  const urls = new Urls(call.baseUrl);
  const body = items.flatMap((id) => state.account(id) ?? []).map((each) => presentSimpleUser(each, urls));
  return { status: 200, body, headers: pageLinks(page, hasMore, call) } as const;
}

function noContent(height: Awaited<ReturnType<typeof changeStanding>>) {
  return { status: 204, body: undefined, ...(height !== undefined && { height }) } as const;
}
