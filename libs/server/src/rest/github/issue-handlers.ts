import type { ApiRouteName } from "@guts/api";

import { notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { createIssue, keyOf, submitUnlessSo, triageIssue, updateIssue } from "../../use-cases/change-issues.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { issueFilterOf } from "../../use-cases/issue-query.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import { openIssue, type OpenedIssue } from "../../use-cases/open-issue.ts";
import { openRepository } from "../../use-cases/open-repository.ts";
import { isAssignableTo } from "../../use-cases/assignees.ts";
import { pageLinks, pageOf } from "../paging.ts";
import { issueViewOf, presentIssues } from "./present-issue.ts";
import { presentIssueEvent, presentRepositoryEvents, presentTimeline } from "./present-timeline.ts";
import { presentSimpleUser } from "./present-user.ts";
import { Urls } from "./urls.ts";

type Repo = "/api/v3/repos/{owner}/{repo}";
type One = `${Repo}/issues/{issue_number}`;
type ListName = `GET ${Repo}/issues` | `GET ${Repo}/issues/events` | `GET ${One}/${"events" | "timeline"}`;
type OneName = `POST ${Repo}/issues` | `${"GET" | "PATCH"} ${One}` | `${"PUT" | "DELETE"} ${One}/lock`;
type PinName = `${"PUT" | "DELETE"} /api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin`;
type AssigneeName =
  | `GET ${Repo}/assignees`
  | `GET ${Repo}/assignees/{assignee}`
  | `${"POST" | "DELETE"} ${One}/assignees`;

/** Issues, in GitHub's shapes. */
export function issueHandlers(services: Services): Pick<RouteHandlers, ListName | OneName | PinName | AssigneeName> {
  return {
    ...listHandlers(services),
    ...oneIssueHandlers(services),
    ...stateHandlers(services),
    ...assigneeHandlers(services),
  };
}

type Asked = Pick<Call<ApiRouteName>, "baseUrl" | "signal">;

/** The issue as it is now. */
async function present(services: Services, call: Asked, { issue, ...place }: OpenedIssue) {
  await awaitReadModel(services, call.signal);
  const now = services.ledger.state().issues.issue(keyOf(issue)) ?? issue;
  const [shape] = await presentIssues(services, call, [{ place, issue: now }]);
  return shape!;
}

function listHandlers(services: Services): Pick<RouteHandlers, ListName> {
  const { ledger, readModel } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/issues": async (call) => {
      const opened = openRepository(ledger, call.actor, call.path, "read-issues");
      const { sort = "created", direction = "desc" } = call.query;
      const filter = issueFilterOf(opened, call.actor, call.query);
      const page = pageOf(call.query);
      if (filter === undefined) return { status: 200, body: [] };
      await awaitReadModel(services, call.signal);
      const { items, hasMore } = await readModel.issues.issues({ ...filter, ...page, sort, direction }, call.signal);
      const { issues } = ledger.state();
      const found = items.flatMap((number) => issues.issue({ repository: opened.repository.id, number }) ?? []);
      const body = await presentIssues(
        services,
        call,
        found.map((issue) => ({ place: opened, issue })),
      );
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/repos/{owner}/{repo}/issues/events": async (call) => {
      const opened = openRepository(ledger, call.actor, call.path, "read-issues");
      const { items, links } = await entriesOf(services, call, {
        repository: opened.repository.id,
        list: "events",
        direction: "desc",
      });
      const body = await presentRepositoryEvents(services, call, { place: opened, items });
      return { status: 200, body, headers: links };
    },
    "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/events": async (call) => {
      const opened = openIssue(ledger, call.actor, call.path);
      const query = { ...keyOf(opened.issue), list: "events", direction: "asc" } as const;
      const { items, links } = await entriesOf(services, call, query);
      const view = issueViewOf(services, call);
      return { status: 200, body: items.map((item) => presentIssueEvent(view, opened, item)), headers: links };
    },
    "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/timeline": async (call) => {
      const opened = openIssue(ledger, call.actor, call.path);
      const query = { ...keyOf(opened.issue), list: "all", direction: "asc" } as const;
      const { items, links } = await entriesOf(services, call, query);
      const body = await presentTimeline(services, call, { place: opened, items });
      return { status: 200, body, headers: links };
    },
  };
}

async function entriesOf(
  services: Services,
  call: Call<`GET ${One}/events`> | Call<`GET ${Repo}/issues/events`>,
  query: Omit<Parameters<Services["readModel"]["issues"]["entries"]>[0], "page" | "perPage" | "viewer">,
) {
  await awaitReadModel(services, call.signal);
  const page = pageOf(call.query);
  const viewer = call.actor.account?.id;
  const { items, hasMore } = await services.readModel.issues.entries({ ...query, ...page, viewer }, call.signal);
  return { items, links: pageLinks(page, hasMore, call) };
}

function oneIssueHandlers(
  services: Services,
): Pick<RouteHandlers, `POST ${Repo}/issues` | `${"GET" | "PATCH"} ${One}`> {
  const { ledger } = services;
  return {
    "POST /api/v3/repos/{owner}/{repo}/issues": async (call) => {
      const { number, height } = await createIssue(services, call, { path: call.path, body: call.body });
      const opened = openIssue(ledger, call.actor, { ...call.path, issue_number: String(number) });
      return { status: 201, body: await present(services, call, opened), height };
    },
    "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}": async (call) => ({
      status: 200,
      body: await present(services, call, openIssue(ledger, call.actor, call.path)),
    }),
    "PATCH /api/v3/repos/{owner}/{repo}/issues/{issue_number}": async (call) => {
      const height = await updateIssue(services, call, { path: call.path, body: call.body });
      const opened = openIssue(ledger, call.actor, call.path);
      return { status: 200, body: await present(services, call, opened), ...(height !== undefined && { height }) };
    },
  };
}

function stateHandlers(services: Services): Pick<RouteHandlers, `${"PUT" | "DELETE"} ${One}/lock` | PinName> {
  const { ledger } = services;
  const change = async (call: Call<`DELETE ${One}/lock`>, kind: "issue.unlock" | "issue.pin" | "issue.unpin") => {
    const { issue } = openIssue(ledger, call.actor, call.path, "moderate");
    const { height } = await submitUnlessSo(services, call, { kind, payload: { issue: keyOf(issue) } });
    return { status: 204, body: undefined, ...(height !== undefined && { height }) } as const;
  };
  return {
    "PUT /api/v3/repos/{owner}/{repo}/issues/{issue_number}/lock": async (call) => {
      const { issue } = openIssue(ledger, call.actor, call.path, "moderate");
      const payload = { issue: keyOf(issue), reason: call.body.lock_reason ?? ("none" as const) };
      const { height } = await submitUnlessSo(services, call, { kind: "issue.lock", payload });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/lock": async (call) => change(call, "issue.unlock"),
    "PUT /api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin": async (call) => change(call, "issue.pin"),
    "DELETE /api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin": async (call) => change(call, "issue.unpin"),
  };
}

function assigneeHandlers(services: Services): Pick<RouteHandlers, AssigneeName> {
  const { ledger, readModel } = services;
  const assign = async (call: Call<`POST ${One}/assignees`>, isAdded: boolean) => {
    const opened = openIssue(ledger, call.actor, call.path);
    const { state, issue } = opened;
    const present = [...state.issues.assigneesOf(issue)].flatMap((id) => state.account(id)?.handle ?? []);
    const named = (call.body.assignees ?? []).map((handle) => handle.toLowerCase());
    const others = present.filter((handle) => !named.includes(handle.toLowerCase()));
    const assignees = isAdded ? [...present, ...(call.body.assignees ?? [])] : others;
    return { opened, height: await triageIssue(services, call, opened, { assignees }) };
  };
  return {
    "GET /api/v3/repos/{owner}/{repo}/assignees": async (call) => {
      const { repository, state } = openRepository(ledger, call.actor, call.path, "read-issues");
      await awaitReadModel(services, call.signal);
      const page = pageOf(call.query);
      const query = { ...page, repository: repository.id, owner: repository.owner, affiliation: "all" } as const;
      const { items, hasMore } = await readModel.organizations.people(query, call.signal);
      const urls = new Urls(call.baseUrl);
      const people = items.flatMap((id) => (isAssignableTo(state, repository, id) ? (state.account(id) ?? []) : []));
      const body = people.map((account) => presentSimpleUser(account, urls));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/repos/{owner}/{repo}/assignees/{assignee}": ({ actor, path }) => {
      const { repository, state } = openRepository(ledger, actor, path, "read-issues");
      const account = findAccount(state, path.assignee)?.account.id;
      if (account === undefined || !isAssignableTo(state, repository, account)) throw notFound();
      return { status: 204, body: undefined };
    },
    "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/assignees": async (call) => {
      const { opened, height } = await assign(call, true);
      return { status: 201, body: await present(services, call, opened), ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/assignees": async (call) => {
      const { opened, height } = await assign(call, false);
      return { status: 200, body: await present(services, call, opened), ...(height !== undefined && { height }) };
    },
  };
}
