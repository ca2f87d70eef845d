import { shortestScopeNames } from "@guts/governance";

import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { answerDevice, clientNameOf, findDevice } from "../../use-cases/device-login.ts";
import { isoTime } from "../iso-time.ts";

type Name = `${"GET" | "POST"} /api/guts/devices/{code}`;

/** Logins of devices, as who is signed in confirms them. */
export function deviceHandlers(services: Services): Pick<RouteHandlers, Name> {
  return {
    "GET /api/guts/devices/{code}": ({ path, actor, address }) => {
      const pending = findDevice(services, path.code, { account: actor.account.id, address });
      const body = {
        userCode: pending.userCode,
        clientName: clientNameOf(pending.clientId),
        scopes: [...shortestScopeNames(pending.scopes)],
        address: pending.address,
        requestedAt: isoTime(pending.requestedMs),
        expiresAt: isoTime(pending.expiresMs),
      };
      return { status: 200, body, headers: { "cache-control": "no-store" } };
    },
    "POST /api/guts/devices/{code}": async (call) => {
      const { path, body, actor, address } = call;
      const pending = findDevice(services, path.code, { account: actor.account.id, address });
      const height = await answerDevice(services, call, { pending, isApproved: body.decision === "approve" });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
  };
}
