import { Type } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { OneOf, Timestamp } from "../schema.ts";
import {
  AssigneesRequest,
  CommentRequest,
  Issue,
  IssueComment,
  IssueCreation,
  IssueEvent,
  IssueUpdate,
  Label,
  LabelCreation,
  LabelsRequest,
  LabelUpdate,
  LockRequest,
  Milestone,
  MilestoneCreation,
  MilestoneUpdate,
  Reaction,
  ReactionRequest,
  TimelineEntry,
} from "./issues.ts";
import { SimpleUser } from "./users.ts";

const direction = Type.Optional(OneOf("asc", "desc"));
const since = Type.Optional(Timestamp());
const word = Type.Optional(Type.String({ maxLength: 1_000 }));

/** Lists of issues; `*` and `none` stand for any and no assignee or milestone. `kind` is ours: pull requests or none of them. */
const IssuesQuery = Type.Object({
  ...PageQuery.properties,
  milestone: word,
  state: Type.Optional(OneOf("open", "closed", "all")),
  assignee: word,
  creator: word,
  mentioned: word,
  labels: word,
  kind: Type.Optional(OneOf("issue", "pull")),
  sort: Type.Optional(OneOf("created", "updated", "comments")),
  direction,
  since,
});
const CommentsQuery = Type.Object({ ...PageQuery.properties, since });
const RepositoryCommentsQuery = Type.Object({
  ...CommentsQuery.properties,
  sort: Type.Optional(OneOf("created", "updated")),
  direction,
});
const MilestonesQuery = Type.Object({
  ...PageQuery.properties,
  state: Type.Optional(OneOf("open", "closed", "all")),
  sort: Type.Optional(OneOf("due_on", "completeness")),
  direction,
});
const ReactionsQuery = Type.Object({
  ...PageQuery.properties,
  content: Type.Optional(ReactionRequest.properties.content),
});

const issue = defineRoutes({
  "GET /api/v3/repos/{owner}/{repo}/issues": {
    operationId: "issues/list-for-repo",
    summary: "Issues and pull requests",
    access: "anyone",
    query: IssuesQuery,
    responses: { 200: Type.Array(Issue) },
  },
  "POST /api/v3/repos/{owner}/{repo}/issues": {
    operationId: "issues/create",
    summary: "Open an issue",
    access: "signed-in",
    body: IssueCreation,
    responses: { 201: Issue },
  },
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}": {
    operationId: "issues/get",
    summary: "An issue or pull request",
    access: "anyone",
    responses: { 200: Issue },
  },
  "PATCH /api/v3/repos/{owner}/{repo}/issues/{issue_number}": {
    operationId: "issues/update",
    summary: "Edit, close, reopen, label, assign an issue",
    access: "signed-in",
    body: IssueUpdate,
    responses: { 200: Issue },
  },
  "PUT /api/v3/repos/{owner}/{repo}/issues/{issue_number}/lock": {
    operationId: "issues/lock",
    summary: "Keep a conversation to those who may push",
    access: "signed-in",
    body: LockRequest,
    responses: { 204: null },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/lock": {
    operationId: "issues/unlock",
    summary: "Open the conversation to everybody again",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/events": {
    operationId: "issues/list-events",
    summary: "What happened to an issue",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(IssueEvent) },
  },
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/timeline": {
    operationId: "issues/list-events-for-timeline",
    summary: "What happened to an issue, with comments and references",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(TimelineEntry) },
  },
  "GET /api/v3/repos/{owner}/{repo}/issues/events": {
    operationId: "issues/list-events-for-repo",
    summary: "What happened to all issues, newest first",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(IssueEvent) },
  },
});

const people = defineRoutes({
  "GET /api/v3/repos/{owner}/{repo}/assignees": {
    operationId: "issues/list-assignees",
    summary: "Who can be assigned",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/repos/{owner}/{repo}/assignees/{assignee}": {
    operationId: "issues/check-user-can-be-assigned",
    summary: "Whether somebody can be assigned",
    access: "anyone",
    responses: { 204: null },
  },
  "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/assignees": {
    operationId: "issues/add-assignees",
    summary: "Assign people",
    access: "signed-in",
    body: AssigneesRequest,
    responses: { 201: Issue },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/assignees": {
    operationId: "issues/remove-assignees",
    summary: "Take assignees off",
    access: "signed-in",
    body: AssigneesRequest,
    responses: { 200: Issue },
  },
});

const comments = defineRoutes({
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/comments": {
    operationId: "issues/list-comments",
    summary: "Comments on an issue or pull request",
    access: "anyone",
    query: CommentsQuery,
    responses: { 200: Type.Array(IssueComment) },
  },
  "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/comments": {
    operationId: "issues/create-comment",
    summary: "Comment",
    access: "signed-in",
    body: CommentRequest,
    responses: { 201: IssueComment },
  },
  "GET /api/v3/repos/{owner}/{repo}/issues/comments": {
    operationId: "issues/list-comments-for-repo",
    summary: "Comments on all issues and pull requests",
    access: "anyone",
    query: RepositoryCommentsQuery,
    responses: { 200: Type.Array(IssueComment) },
  },
  "GET /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}": {
    operationId: "issues/get-comment",
    summary: "A comment",
    access: "anyone",
    responses: { 200: IssueComment },
  },
  "PATCH /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}": {
    operationId: "issues/update-comment",
    summary: "Change a comment",
    access: "signed-in",
    body: CommentRequest,
    responses: { 200: IssueComment },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}": {
    operationId: "issues/delete-comment",
    summary: "Delete a comment",
    access: "signed-in",
    responses: { 204: null },
  },
});

const labels = defineRoutes({
  "GET /api/v3/repos/{owner}/{repo}/labels": {
    operationId: "issues/list-labels-for-repo",
    summary: "A repository's labels",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(Label) },
  },
  "POST /api/v3/repos/{owner}/{repo}/labels": {
    operationId: "issues/create-label",
    summary: "Make a label",
    access: "signed-in",
    body: LabelCreation,
    responses: { 201: Label },
  },
  "GET /api/v3/repos/{owner}/{repo}/labels/{name}": {
    operationId: "issues/get-label",
    summary: "A label",
    access: "anyone",
    responses: { 200: Label },
  },
  "PATCH /api/v3/repos/{owner}/{repo}/labels/{name}": {
    operationId: "issues/update-label",
    summary: "Change a label",
    access: "signed-in",
    body: LabelUpdate,
    responses: { 200: Label },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/labels/{name}": {
    operationId: "issues/delete-label",
    summary: "Delete a label",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": {
    operationId: "issues/list-labels-on-issue",
    summary: "Labels of an issue",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(Label) },
  },
  "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": {
    operationId: "issues/add-labels",
    summary: "Give an issue labels",
    access: "signed-in",
    body: LabelsRequest,
    responses: { 200: Type.Array(Label) },
  },
  "PUT /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": {
    operationId: "issues/set-labels",
    summary: "Give an issue these labels and no others",
    access: "signed-in",
    body: LabelsRequest,
    responses: { 200: Type.Array(Label) },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": {
    operationId: "issues/remove-all-labels",
    summary: "Take all labels off an issue",
    access: "signed-in",
    responses: { 204: null },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}": {
    operationId: "issues/remove-label",
    summary: "Take a label off an issue",
    access: "signed-in",
    responses: { 200: Type.Array(Label) },
  },
});

const milestones = defineRoutes({
  "GET /api/v3/repos/{owner}/{repo}/milestones": {
    operationId: "issues/list-milestones",
    summary: "A repository's milestones",
    access: "anyone",
    query: MilestonesQuery,
    responses: { 200: Type.Array(Milestone) },
  },
  "POST /api/v3/repos/{owner}/{repo}/milestones": {
    operationId: "issues/create-milestone",
    summary: "Make a milestone",
    access: "signed-in",
    body: MilestoneCreation,
    responses: { 201: Milestone },
  },
  "GET /api/v3/repos/{owner}/{repo}/milestones/{milestone_number}": {
    operationId: "issues/get-milestone",
    summary: "A milestone",
    access: "anyone",
    responses: { 200: Milestone },
  },
  "PATCH /api/v3/repos/{owner}/{repo}/milestones/{milestone_number}": {
    operationId: "issues/update-milestone",
    summary: "Change, close or reopen a milestone",
    access: "signed-in",
    body: MilestoneUpdate,
    responses: { 200: Milestone },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/milestones/{milestone_number}": {
    operationId: "issues/delete-milestone",
    summary: "Delete a milestone",
    access: "signed-in",
    responses: { 204: null },
  },
});

const reactions = defineRoutes({
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/reactions": {
    operationId: "reactions/list-for-issue",
    summary: "Reactions to an issue",
    access: "anyone",
    query: ReactionsQuery,
    responses: { 200: Type.Array(Reaction) },
  },
  "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/reactions": {
    operationId: "reactions/create-for-issue",
    summary: "React to an issue; 200 when one has so already",
    access: "signed-in",
    body: ReactionRequest,
    responses: { 200: Reaction, 201: Reaction },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/reactions/{reaction_id}": {
    operationId: "reactions/delete-for-issue",
    summary: "Take one's reaction to an issue back",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions": {
    operationId: "reactions/list-for-issue-comment",
    summary: "Reactions to a comment",
    access: "anyone",
    query: ReactionsQuery,
    responses: { 200: Type.Array(Reaction) },
  },
  "POST /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions": {
    operationId: "reactions/create-for-issue-comment",
    summary: "React to a comment; 200 when one has so already",
    access: "signed-in",
    body: ReactionRequest,
    responses: { 200: Reaction, 201: Reaction },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}": {
    operationId: "reactions/delete-for-issue-comment",
    summary: "Take one's reaction to a comment back",
    access: "signed-in",
    responses: { 204: null },
  },
});

/** What GitHub's API does not have by REST. */
const ours = defineRoutes({
  "PUT /api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin": {
    operationId: "guts/pin-issue",
    summary: "Show an issue above the list",
    access: "signed-in",
    responses: { 204: null },
  },
  "DELETE /api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin": {
    operationId: "guts/unpin-issue",
    summary: "Show it among the others again",
    access: "signed-in",
    responses: { 204: null },
  },
  "PUT /api/guts/repos/{owner}/{repo}/issues/comments/{comment_id}/hidden": {
    operationId: "guts/hide-comment",
    summary: "Fold a comment away",
    access: "signed-in",
    body: Type.Object({ reason: OneOf("abuse", "off-topic", "outdated", "resolved", "duplicate", "spam") }),
    responses: { 204: null },
  },
  "DELETE /api/guts/repos/{owner}/{repo}/issues/comments/{comment_id}/hidden": {
    operationId: "guts/show-comment",
    summary: "Show a comment again",
    access: "signed-in",
    responses: { 204: null },
  },
});

/** Issues, and what they share with pull requests. */
export const issueRoutes = {
  ...issue,
  ...people,
  ...comments,
  ...labels,
  ...milestones,
  ...reactions,
  ...ours,
} as const;
