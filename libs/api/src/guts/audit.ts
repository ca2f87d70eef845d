import { Type, type Static } from "typebox";

import { perPageDefault } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { Nullable, Timestamp } from "../schema.ts";

/** An administrative act: GitHub's fields of an audit log entry, and where it stands on the ledger. */
export const AuditEntry = Type.Object(
  {
    /** Milliseconds since 1970 by the block's time; `created_at` says the same. */
    "@timestamp": Type.Integer(),
    created_at: Timestamp(),
    /** The transaction's id. */
    _document_id: Type.String(),
    action: Type.String(),
    actor: Nullable(Type.String()),
    actor_id: Type.Integer(),
    /** The account that it was done to. */
    user: Nullable(Type.String()),
    user_id: Nullable(Type.Integer()),
    org: Nullable(Type.String()),
    org_id: Nullable(Type.Integer()),
    /** Named as it is called now, to those who may read it. */
    repo: Nullable(Type.String()),
    repo_id: Nullable(Type.Integer()),
    team: Nullable(Type.String()),
    node: Nullable(Type.String()),
    /** A name that it gave, a role that it set. */
    about: Nullable(Type.String()),
    /** Null where none was given, and where it was erased. */
    reason: Nullable(Type.String()),
    /** Its number among everything that was ever applied on the network. */
    sequence: Type.Integer(),
    height: Type.Integer(),
    index: Type.Integer(),
  },
  { title: "AuditEntry" },
);
export type AuditEntry = Static<typeof AuditEntry>;

/** GitHub's qualifiers in `phrase`: `action:`, `actor:`, `created:`, `repo:`. Pages go on after an entry's `sequence`. */
export const AuditQuery = Type.Object({
  phrase: Type.Optional(Type.String({ maxLength: 1_000 })),
  after: Type.Optional(Type.Integer({ minimum: 1 })),
  per_page: Type.Optional(Type.Integer({ minimum: 1, default: perPageDefault })),
});
export type AuditQuery = Static<typeof AuditQuery>;

/** Events in base64 of their canonical bytes; none when there are no more. The next page is `before` the last one's sequence. */
export const EventLogPage = Type.Object({ events: Type.Array(Type.String()) }, { title: "EventLogPage" });
export type EventLogPage = Static<typeof EventLogPage>;

const log = { access: "signed-in", query: AuditQuery, responses: { 200: Type.Array(AuditEntry) } } as const;

/** Audit logs, and what shows that they are true. */
export const auditRoutes = defineRoutes({
  "GET /api/v3/orgs/{org}/audit-log": {
    operationId: "orgs/get-audit-log",
    summary: "Administrative acts in and on an organization: to its owners",
    ...log,
  },
  "GET /api/guts/audit-log": {
    operationId: "audit/list-for-network",
    summary: "Administrative acts that concern the network: to its administrators",
    ...log,
  },
  "GET /api/guts/security-log": {
    operationId: "audit/list-own",
    summary: "Administrative acts by and on one's own account",
    ...log,
  },
  "GET /api/guts/repos/{owner}/{repo}/audit-log": {
    operationId: "audit/list-for-repo",
    summary: "Administrative acts on a repository: to who administers it",
    ...log,
  },
  "GET /api/guts/event-logs/{type}/{id}": {
    operationId: "audit/list-events",
    summary:
      "Events of a log as they are hashed, newest first: to whoever may read its audit log. `type`: network, account, repository",
    access: "signed-in",
    query: Type.Object({ before: Type.Optional(Type.Integer({ minimum: 1 })) }),
    responses: { 200: EventLogPage },
  },
  "GET /api/guts/event-logs/{type}/{id}/proof": {
    operationId: "audit/get-event-log-proof",
    summary: "What shows offline that a log is whole (application/octet-stream): formats-v1, Event log proof",
    access: "signed-in",
    responses: { 200: Type.String() },
  },
  "GET /api/guts/audit-actions": {
    operationId: "audit/list-actions",
    summary: "Every name of an act, sorted: what `action:` takes, whole or up to a dot",
    access: "anyone",
    responses: { 200: Type.Array(Type.String()) },
  },
  "GET /api/guts/audit-log/{id}": {
    operationId: "audit/get",
    summary: "One act by its transaction, to whoever may read a log that lists it",
    access: "signed-in",
    responses: { 200: AuditEntry },
  },
  "GET /api/guts/audit-log/{id}/proof": {
    operationId: "audit/get-proof",
    summary: "What shows offline that the act is final (application/octet-stream): formats-v1, Transaction proof",
    access: "signed-in",
    responses: { 200: Type.String() },
  },
});
