import { Type, type Static } from "typebox";

import { Nullable, OneOf, Strings, Timestamp } from "../schema.ts";
import { SimpleUser } from "./users.ts";

/** GitHub's `author-association`. */
export const AuthorAssociation = OneOf("COLLABORATOR", "MEMBER", "NONE", "OWNER");
/** How the author of a text stands to its repository. */
export type AuthorAssociation = Static<typeof AuthorAssociation>;

/** GitHub's `reaction-rollup`: how many of each. */
export const ReactionRollup = Type.Object(
  {
    url: Type.String(),
    total_count: Type.Integer(),
    "+1": Type.Integer(),
    "-1": Type.Integer(),
    laugh: Type.Integer(),
    confused: Type.Integer(),
    heart: Type.Integer(),
    hooray: Type.Integer(),
    eyes: Type.Integer(),
    rocket: Type.Integer(),
  },
  { title: "ReactionRollup" },
);
export type ReactionRollup = Static<typeof ReactionRollup>;

const ReactionContent = OneOf("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes");

/** GitHub's `reaction`. */
export const Reaction = Type.Object(
  {
    id: Type.Integer(),
    node_id: Type.String(),
    user: SimpleUser,
    content: ReactionContent,
    created_at: Timestamp(),
  },
  { title: "Reaction" },
);
export type Reaction = Static<typeof Reaction>;
export const ReactionRequest = Type.Object({ content: ReactionContent });

/** GitHub's `label`. */
export const Label = Type.Object(
  {
    id: Type.Integer(),
    ...Strings("node_id", "url", "name", "color").properties,
    description: Nullable(Type.String()),
    default: Type.Boolean(),
  },
  { title: "Label" },
);
export type Label = Static<typeof Label>;

const labelText = { color: Type.String({ maxLength: 7 }), description: Nullable(Type.String({ maxLength: 1400 })) };
/** The body of `POST /repos/{owner}/{repo}/labels`. */
export const LabelCreation = Type.Object({
  name: Type.String({ maxLength: 200 }),
  color: Type.Optional(labelText.color),
  description: Type.Optional(labelText.description),
});
/** The body of `PATCH /repos/{owner}/{repo}/labels/{name}`. */
export const LabelUpdate = Type.Object({
  new_name: Type.Optional(Type.String({ maxLength: 200 })),
  name: Type.Optional(Type.String({ maxLength: 200 })),
  color: Type.Optional(labelText.color),
  description: Type.Optional(labelText.description),
});

/** GitHub's `milestone`. */
export const Milestone = Type.Object(
  {
    ...Strings("url", "html_url", "labels_url", "node_id", "title").properties,
    id: Type.Integer(),
    number: Type.Integer(),
    state: OneOf("open", "closed"),
    description: Nullable(Type.String()),
    creator: Nullable(SimpleUser),
    open_issues: Type.Integer(),
    closed_issues: Type.Integer(),
    created_at: Timestamp(),
    updated_at: Timestamp(),
    closed_at: Nullable(Timestamp()),
    due_on: Nullable(Timestamp()),
  },
  { title: "Milestone" },
);
export type Milestone = Static<typeof Milestone>;

const text = (maxLength: number) => Type.String({ maxLength });
/** GitHub's limit of a body, in characters. */
const bodyLengthMax = 65_536;
const titleLengthMax = 256;
const milestoneText = {
  state: Type.Optional(OneOf("open", "closed")),
  description: Type.Optional(Nullable(text(bodyLengthMax))),
  due_on: Type.Optional(Nullable(Timestamp())),
};
/** The body of `POST /repos/{owner}/{repo}/milestones`. */
export const MilestoneCreation = Type.Object({ title: text(titleLengthMax), ...milestoneText });
/** The body of `PATCH /repos/{owner}/{repo}/milestones/{milestone_number}`. */
export const MilestoneUpdate = Type.Object({ title: Type.Optional(text(titleLengthMax)), ...milestoneText });

/** GitHub's `issue`. A pull request is an issue that has `pull_request`. */
export const Issue = Type.Object(
  {
    id: Type.Integer(),
    ...Strings("node_id", "url", "repository_url", "labels_url", "comments_url", "events_url", "html_url").properties,
    timeline_url: Type.String(),
    number: Type.Integer(),
    state: OneOf("open", "closed"),
    state_reason: Nullable(OneOf("completed", "not_planned", "duplicate", "reopened")),
    title: Type.String(),
    body: Nullable(Type.String()),
    user: SimpleUser,
    labels: Type.Array(Label),
    assignee: Nullable(SimpleUser),
    assignees: Type.Array(SimpleUser),
    milestone: Nullable(Milestone),
    locked: Type.Boolean(),
    active_lock_reason: Nullable(Type.String()),
    comments: Type.Integer(),
    pull_request: Type.Optional(
      Type.Object({ url: Type.String(), html_url: Type.String(), diff_url: Type.String(), patch_url: Type.String() }),
    ),
    closed_at: Nullable(Timestamp()),
    closed_by: Nullable(SimpleUser),
    created_at: Timestamp(),
    updated_at: Timestamp(),
    author_association: AuthorAssociation,
    reactions: ReactionRollup,
    performed_via_github_app: Type.Null(),
  },
  { title: "Issue" },
);
export type Issue = Static<typeof Issue>;

const logins = Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 });
const labelNames = Type.Array(
  Type.Union([Type.String({ maxLength: 200 }), Type.Object({ name: Type.String({ maxLength: 200 }) })]),
  { maxItems: 100 },
);
const triage = {
  assignee: Type.Optional(Nullable(Type.String({ maxLength: 100 }))),
  assignees: Type.Optional(logins),
  milestone: Type.Optional(
    Nullable(Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: "^[0-9]{1,9}$" })])),
  ),
  labels: Type.Optional(labelNames),
};
/** The body of `POST /repos/{owner}/{repo}/issues`. */
export const IssueCreation = Type.Object({
  title: Type.Union([text(titleLengthMax), Type.Integer()]),
  body: Type.Optional(Nullable(text(bodyLengthMax))),
  ...triage,
});
export type IssueCreation = Static<typeof IssueCreation>;
/** The body of `PATCH /repos/{owner}/{repo}/issues/{issue_number}`. `duplicate_of` is ours: the number of the issue that this repeats. */
export const IssueUpdate = Type.Object({
  title: Type.Optional(Nullable(Type.Union([text(titleLengthMax), Type.Integer()]))),
  body: Type.Optional(Nullable(text(bodyLengthMax))),
  state: Type.Optional(OneOf("open", "closed")),
  state_reason: Type.Optional(Nullable(OneOf("completed", "not_planned", "duplicate", "reopened"))),
  duplicate_of: Type.Optional(Type.Integer({ minimum: 1 })),
  ...triage,
});
export type IssueUpdate = Static<typeof IssueUpdate>;

export const AssigneesRequest = Type.Object({ assignees: Type.Optional(logins) });
/** GitHub takes an object with names, or the names alone. */
export const LabelsRequest = Type.Union([Type.Object({ labels: Type.Optional(labelNames) }), labelNames]);
export type LabelsRequest = Static<typeof LabelsRequest>;
export const LockRequest = Type.Object({
  lock_reason: Type.Optional(Nullable(OneOf("off-topic", "too heated", "resolved", "spam"))),
});

/** GitHub's `issue-comment`; `hidden` is ours: why it is folded away. */
export const IssueComment = Type.Object(
  {
    id: Type.Integer(),
    ...Strings("node_id", "url", "html_url", "issue_url", "body").properties,
    user: SimpleUser,
    created_at: Timestamp(),
    updated_at: Timestamp(),
    author_association: AuthorAssociation,
    reactions: ReactionRollup,
    performed_via_github_app: Type.Null(),
    hidden: Type.Optional(Type.String()),
  },
  { title: "IssueComment" },
);
export type IssueComment = Static<typeof IssueComment>;
export const CommentRequest = Type.Object({ body: text(bodyLengthMax) });

const eventFields = {
  id: Type.Integer(),
  node_id: Type.String(),
  url: Type.String(),
  actor: SimpleUser,
  event: Type.String(),
  commit_id: Type.Null(),
  commit_url: Type.Null(),
  created_at: Timestamp(),
  performed_via_github_app: Type.Null(),
  label: Type.Optional(Type.Object({ name: Type.String(), color: Type.String() })),
  assignee: Type.Optional(SimpleUser),
  assigner: Type.Optional(SimpleUser),
  milestone: Type.Optional(Type.Object({ title: Type.String() })),
  rename: Type.Optional(Type.Object({ from: Type.String(), to: Type.String() })),
  lock_reason: Type.Optional(Nullable(Type.String())),
  state_reason: Type.Optional(Nullable(Type.String())),
};
/** GitHub's `issue-event`; in the list of a whole repository with its issue. */
export const IssueEvent = Type.Object({ ...eventFields, issue: Type.Optional(Issue) }, { title: "IssueEvent" });
export type IssueEvent = Static<typeof IssueEvent>;

const TimelineReference = Type.Object({
  event: OneOf("cross-referenced"),
  actor: SimpleUser,
  created_at: Timestamp(),
  updated_at: Timestamp(),
  source: Type.Object({ type: Type.String(), issue: Issue }),
});
const TimelineComment = Type.Object({ ...IssueComment.properties, event: OneOf("commented"), actor: SimpleUser });
/** One of GitHub's `timeline-issue-events`. */
export const TimelineEntry = Type.Union([TimelineComment, TimelineReference, Type.Object(eventFields)]);
export type TimelineEntry = Static<typeof TimelineEntry>;
