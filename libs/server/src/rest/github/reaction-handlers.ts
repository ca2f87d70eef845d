import type { Reaction as ReactionShape } from "@guts/api";
import { reactions, type Reaction } from "@guts/collaboration";
import type { ReactionSubject } from "@guts/ledger";

import { notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { ReactionItem } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import { keyOf, submitUnlessSo } from "../../use-cases/change-issues.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import { openComment, openIssue, parseNumber } from "../../use-cases/open-issue.ts";
import { isoTime } from "../iso-time.ts";
import { pageLinks, pageOf } from "../paging.ts";
import { issueViewOf, presentPerson, type IssueView } from "./present-issue.ts";
import { nodeIdOf } from "./urls.ts";

type Issues = "/api/v3/repos/{owner}/{repo}/issues";
type ToIssue = `${Issues}/{issue_number}/reactions`;
type ToComment = `${Issues}/comments/{comment_id}/reactions`;
type Name = `${"GET" | "POST"} ${ToIssue | ToComment}` | `DELETE ${ToIssue | ToComment}/{reaction_id}`;

/** Reactions, in GitHub's shapes. */
export function reactionHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger } = services;
  const ofIssue = (call: Pick<Call<`GET ${ToIssue}`>, "actor" | "path">): ReactionSubject => ({
    type: "issue",
    ...keyOf(openIssue(ledger, call.actor, call.path).issue),
  });
  const ofComment = (call: Pick<Call<`GET ${ToComment}`>, "actor" | "path">): ReactionSubject => ({
    type: "comment",
    comment: openComment(ledger, call.actor, call.path).comment.id,
  });
  return {
    "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/reactions": async (call) =>
      list(services, call, ofIssue(call)),
    "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/reactions": async (call) =>
      react(services, call, ofIssue(call)),
    "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/reactions/{reaction_id}": async (call) =>
      takeBack(services, call, ofIssue(call)),
    "GET /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions": async (call) =>
      list(services, call, ofComment(call)),
    "POST /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions": async (call) =>
      react(services, call, ofComment(call)),
    "DELETE /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}": async (call) =>
      takeBack(services, call, ofComment(call)),
  };
}

async function list(
  services: Services,
  call: Call<`GET ${ToIssue}`> | Call<`GET ${ToComment}`>,
  subject: ReactionSubject,
) {
  await awaitReadModel(services, call.signal);
  const page = pageOf(call.query);
  const query = { ...page, subject, content: call.query.content };
  const { items, hasMore } = await services.readModel.issues.reactions(query, call.signal);
  const view = issueViewOf(services, call);
  return {
    status: 200,
    body: items.map((item) => presentReaction(view, item)),
    headers: pageLinks(page, hasMore, call),
  } as const;
}

async function react(
  services: Services,
  call: Call<`POST ${ToIssue}`> | Call<`POST ${ToComment}`>,
  subject: ReactionSubject,
) {
  const { content } = call.body;
  const { height } = await submitUnlessSo(services, call, { kind: "reaction.add", payload: { subject, content } });
  const { state } = issueViewOf(services, call);
  const row = state.issues.reaction({ subject, content, account: call.actor.account.id });
  if (row === undefined) throw notFound();
  const body = presentReaction(issueViewOf(services, call), { ...row, content, account: call.actor.account.id });
  return height === undefined ? ({ status: 200, body } as const) : ({ status: 201, body, height } as const);
}

/** One's own reaction; that of somebody else looks as if it were not there. */
async function takeBack(
  services: Services,
  call: Call<`DELETE ${ToIssue}/{reaction_id}`> | Call<`DELETE ${ToComment}/{reaction_id}`>,
  subject: ReactionSubject,
) {
  const content = ownContent(services, call, subject, parseNumber(call.path.reaction_id));
  if (content === undefined) throw notFound();
  const { height } = await submitUnlessSo(services, call, { kind: "reaction.remove", payload: { subject, content } });
  return { status: 204, body: undefined, ...(height !== undefined && { height }) } as const;
}

function ownContent(
  { ledger }: Services,
  { actor }: Pick<Call<`POST ${ToIssue}`>, "actor">,
  subject: ReactionSubject,
  id: number | undefined,
): Reaction | undefined {
  const { issues } = ledger.state();
  return reactions.find((content) => issues.reaction({ subject, content, account: actor.account.id })?.id === id);
}

function presentReaction(view: IssueView, { id, content, account, createdTime }: ReactionItem): ReactionShape {
  return {
    id,
    node_id: nodeIdOf("Reaction", id),
    user: presentPerson(view, account),
    content,
    created_at: isoTime(createdTime),
  };
}
