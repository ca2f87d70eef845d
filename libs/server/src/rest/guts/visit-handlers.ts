import { scopeNames } from "@guts/governance";

import { readCookie, sessionCookie, visitCookieName } from "../../auth/session-cookie.ts";
import type { RouteHandlers } from "../../http/call.ts";
import { visitLimits } from "../../limits.ts";
import type { Services } from "../../services.ts";
import { agreeToVisit, beginVisit, enterVisit, visitedNode } from "../../use-cases/visits.ts";
import { sessionPresenter } from "./identity-handlers.ts";

type Name =
  | "POST /api/guts/visits/requests"
  | "GET /api/guts/visits/{node_id}"
  | "POST /api/guts/visits"
  | "POST /api/guts/signin/visit";

const noStore = { "cache-control": "no-store" };

/** Signing in at a node that is no home: the visited node's part and the home node's. */
export function visitHandlers(services: Services): Pick<RouteHandlers, Name> {
  const started = sessionPresenter(services);
  const isSecure = (baseUrl: string): boolean => baseUrl.startsWith("https:");
  const cookieNameAt = (baseUrl: string): string =>
    visitCookieName(services.ledger.nodeId, { isSecure: isSecure(baseUrl) });
  const lifeSeconds = visitLimits.sessionLifeMs / 1000;
  return {
    "POST /api/guts/visits/requests": ({ body, baseUrl }) => {
      const { secret, homes } = beginVisit(services, body.login, { baseUrl });
      const cookie = sessionCookie(cookieNameAt(baseUrl), Buffer.from(secret).toString("base64url"), {
        maxAgeSeconds: visitLimits.beginLifeMs / 1000,
        isSecure: isSecure(baseUrl),
        sameSite: "Strict",
      });
      return { status: 201, body: { homes: [...homes] }, headers: { ...noStore, "set-cookie": cookie } };
    },
    "GET /api/guts/visits/{node_id}": ({ path, actor, baseUrl }) => {
      const node = visitedNode(services, actor, { nodeId: path.node_id, baseUrl });
      return { status: 200, body: { ...node, scopes: [...scopeNames(node.scopes)] }, headers: noStore };
    },
    "POST /api/guts/visits": async (call) => {
      const answer = await agreeToVisit(services, call, { ...call.body, baseUrl: call.baseUrl });
      return { status: 201, body: answer, height: answer.height, headers: noStore };
    },
    "POST /api/guts/signin/visit": async ({ body, cookie, address, baseUrl, signal }) => {
      const secret = body.secret ?? readCookie(cookie, cookieNameAt(baseUrl));
      const session = await enterVisit(services, body, { address, signal, secret });
      return { status: 200, ...started(session, body.session ?? "cookie", { baseUrl, lifeSeconds }) };
    },
  };
}
