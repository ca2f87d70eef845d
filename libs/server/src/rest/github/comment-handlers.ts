import type { TimeMs } from "@guts/primitives";

import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { createComment, keyOf, submitUnlessSo, updateComment } from "../../use-cases/change-issues.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import { openComment, openIssue } from "../../use-cases/open-issue.ts";
import { openRepository, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { pageLinks, pageOf } from "../paging.ts";
import { presentComments } from "./present-issue.ts";

type Repo = "/api/v3/repos/{owner}/{repo}";
type Comments = `${Repo}/issues/comments`;
type OfIssue = `${Repo}/issues/{issue_number}/comments`;
type HiddenName = `${"PUT" | "DELETE"} /api/guts/repos/{owner}/{repo}/issues/comments/{comment_id}/hidden`;
type OneName = `${"GET" | "PATCH" | "DELETE"} ${Comments}/{comment_id}`;
type Name = `${"GET" | "POST"} ${OfIssue}` | `GET ${Comments}` | OneName | HiddenName;

/** Comments on issues and pull requests, in GitHub's shapes. */
export function commentHandlers(services: Services): Pick<RouteHandlers, Name> {
  return { ...listHandlers(services), ...oneHandlers(services), ...hiddenHandlers(services) };
}

function listHandlers(services: Services): Pick<RouteHandlers, `${"GET" | "POST"} ${OfIssue}` | `GET ${Comments}`> {
  const { ledger } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/comments": async (call) => {
      const opened = openIssue(ledger, call.actor, call.path);
      const query = { ...keyOf(opened.issue), sort: "created", direction: "asc" } as const;
      return listComments(services, call, { opened, query });
    },
    "GET /api/v3/repos/{owner}/{repo}/issues/comments": async (call) => {
      const opened = openRepository(ledger, call.actor, call.path, "read-issues");
      const { sort = "created", direction = "asc" } = call.query;
      return listComments(services, call, { opened, query: { repository: opened.repository.id, sort, direction } });
    },
    "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/comments": async (call) => {
      const { comment, height } = await createComment(services, call, { path: call.path, body: call.body.body });
      const body = await presentOne(services, call, { ...call.path, comment_id: String(comment) });
      return { status: 201, body, height };
    },
  };
}

type ListQuery = Omit<Parameters<Services["readModel"]["issues"]["comments"]>[0], "page" | "perPage" | "since">;

async function listComments(
  services: Services,
  call: Call<`GET ${OfIssue}`> | Call<`GET ${Comments}`>,
  { opened, query }: { readonly opened: OpenedRepository; readonly query: ListQuery },
) {
  await awaitReadModel(services, call.signal);
  const page = pageOf(call.query);
  const since = call.query.since === undefined ? undefined : (Date.parse(call.query.since) as TimeMs);
  const { items, hasMore } = await services.readModel.issues.comments({ ...query, ...page, since }, call.signal);
  const { issues } = services.ledger.state();
  const comments = items.flatMap((id) => issues.comment(id) ?? []);
  const body = await presentComments(services, call, { place: opened, comments });
  return { status: 200, body, headers: pageLinks(page, hasMore, call) } as const;
}

async function presentOne(
  services: Services,
  call: Pick<Call<`GET ${Comments}`>, "actor" | "baseUrl" | "signal">,
  path: { readonly owner: string; readonly repo: string; readonly comment_id: string },
) {
  await awaitReadModel(services, call.signal);
  const opened = openComment(services.ledger, call.actor, path);
  const [body] = await presentComments(services, call, { place: opened, comments: [opened.comment] });
  return body!;
}

function oneHandlers(services: Services): Pick<RouteHandlers, OneName> {
  const { ledger } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}": async (call) => ({
      status: 200,
      body: await presentOne(services, call, call.path),
    }),
    "PATCH /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}": async (call) => {
      const height = await updateComment(services, call, { path: call.path, body: call.body.body });
      const body = await presentOne(services, call, call.path);
      return { status: 200, body, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}": async (call) => {
      const { comment } = openComment(ledger, call.actor, call.path);
      const command = { kind: "comment.delete", payload: { comment: comment.id } } as const;
      const { height } = await submitUnlessSo(services, call, command);
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
  };
}

function hiddenHandlers(services: Services): Pick<RouteHandlers, HiddenName> {
  const { ledger } = services;
  return {
    "PUT /api/guts/repos/{owner}/{repo}/issues/comments/{comment_id}/hidden": async (call) => {
      const { comment } = openComment(ledger, call.actor, call.path);
      const payload = { comment: comment.id, reason: call.body.reason };
      const { height } = await submitUnlessSo(services, call, { kind: "comment.hide", payload });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
    "DELETE /api/guts/repos/{owner}/{repo}/issues/comments/{comment_id}/hidden": async (call) => {
      const { comment } = openComment(ledger, call.actor, call.path);
      const payload = { comment: comment.id, reason: undefined };
      const { height } = await submitUnlessSo(services, call, { kind: "comment.hide", payload });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
  };
}
