import { formatLinkHeader } from "@guts/api";
import { refuseSecurityLog } from "@guts/governance";
import { auditActions } from "@guts/ledger";

import { notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { AuditLog } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import { requireAdministrator } from "../../use-cases/administration.ts";
import { listAuditLog, openAct, openLog, type AuditRequest } from "../../use-cases/audit-log.ts";
import { openRepository } from "../../use-cases/open-repository.ts";
import { openOrganization } from "../../use-cases/organizations.ts";
import { refusalOfRejection } from "../../use-cases/rejection.ts";

type Name =
  | "GET /api/v3/orgs/{org}/audit-log"
  | "GET /api/guts/audit-log"
  | "GET /api/guts/security-log"
  | "GET /api/guts/repos/{owner}/{repo}/audit-log"
  | "GET /api/guts/event-logs/{type}/{id}"
  | "GET /api/guts/event-logs/{type}/{id}/proof"
  | "GET /api/guts/audit-actions"
  | "GET /api/guts/audit-log/{id}"
  | "GET /api/guts/audit-log/{id}/proof";

/** Most events of a page, and bytes after which it ends early; one event is always there. */
const eventsPerPage = 500;
const pageBytesMax = 1024 * 1024;

interface LogCall extends AuditRequest {
  readonly url: string;
  readonly baseUrl: string;
}

/** Audit logs: each asks governance first, then lists. */
export function auditHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, chain } = services;
  const page = async (call: LogCall, log: AuditLog) => {
    const { entries, nextAfter } = await listAuditLog(services, call, log);
    return { status: 200 as const, body: [...entries], headers: nextLink(call, nextAfter) };
  };
  return {
    "GET /api/v3/orgs/{org}/audit-log": (call) => {
      const { organization } = openOrganization(ledger, call.actor, call.path.org, "read-audit-log");
      return page(call, { type: "account", id: organization.id });
    },
    "GET /api/guts/audit-log": (call) => {
      requireAdministrator(call.actor);
      return page(call, { type: "network", id: 0 });
    },
    "GET /api/guts/security-log": (call) => {
      const { account, scopes } = call.actor;
      const refusal = refuseSecurityLog(account.id, account.id, scopes);
      if (refusal !== undefined) throw refusalOfRejection(refusal);
      return page(call, { type: "account", id: account.id });
    },
    "GET /api/guts/repos/{owner}/{repo}/audit-log": (call) => {
      const { repository } = openRepository(ledger, call.actor, call.path, "read-audit-log");
      return page(call, { type: "repository", id: repository.id });
    },
    "GET /api/guts/event-logs/{type}/{id}": ({ actor, path, query }) => {
      const log = openLog(ledger, actor, path);
      const page = chain.eventLog(log, query.before ?? Number.MAX_SAFE_INTEGER, eventsPerPage);
      return { status: 200, body: { events: withinBytes(page).map((bytes) => Buffer.from(bytes).toString("base64")) } };
    },
    "GET /api/guts/event-logs/{type}/{id}/proof": ({ actor, path }) => {
      const bytes = chain.eventLogProof(openLog(ledger, actor, path));
      if (bytes === undefined) throw notFound();
      const headers = { "content-disposition": `attachment; filename="${path.type}-${path.id}.proof"` };
      return { status: 200, type: "application/octet-stream", bytes, headers };
    },
    "GET /api/guts/audit-actions": () => ({ status: 200, body: [...auditActions] }),
    "GET /api/guts/audit-log/{id}": async ({ actor, path, signal }) => {
      const { entry } = await openAct(services, actor, path.id, signal);
      return { status: 200, body: entry };
    },
    "GET /api/guts/audit-log/{id}/proof": async ({ actor, path, signal }) => {
      const { id } = await openAct(services, actor, path.id, signal);
      const bytes = chain.proof(id);
      if (bytes === undefined) throw notFound();
      const headers = { "content-disposition": `attachment; filename="${path.id.slice(0, 16)}.proof"` };
      return { status: 200, type: "application/octet-stream", bytes, headers };
    },
  };
}

function nextLink({ url, baseUrl }: LogCall, after: number | undefined): Record<string, string> {
  if (after === undefined) return {};
  const target = new URL(url, "http://node");
  target.searchParams.set("after", String(after));
  const link = formatLinkHeader({ next: baseUrl + target.pathname + target.search });
  return link === undefined ? {} : { link };
}

/** The first events, as many as a page may be long. */
function withinBytes(events: readonly Uint8Array[]): readonly Uint8Array[] {
  let total = 0;
  return events.filter(({ length }, index) => (total += length) <= pageBytesMax || index === 0);
}
