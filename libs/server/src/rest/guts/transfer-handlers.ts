import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { answerTransfer, listTransferOffers } from "../../use-cases/transfers.ts";
import { isoTime } from "../iso-time.ts";

type Name = "GET /api/guts/transfers" | `${"PUT" | "DELETE"} /api/guts/transfers/{repository_id}`;

/** The other half of `POST /repos/{owner}/{repo}/transfer`: its new owner answers. */
export function transferHandlers(services: Services): Pick<RouteHandlers, Name> {
  return {
    "GET /api/guts/transfers": async (call) => {
      const offers = await listTransferOffers(services, call);
      const body = offers.map(({ repositoryId, fullName, newName, from, createdTime, expiresTime }) => ({
        repositoryId,
        fullName,
        newName,
        from: from.handle,
        createdAt: isoTime(createdTime),
        expiresAt: isoTime(expiresTime),
      }));
      return { status: 200, body };
    },
    "PUT /api/guts/transfers/{repository_id}": async (call) => {
      const height = await answerTransfer(services, call, { repositoryId: call.path.repository_id, answer: "accept" });
      return { status: 204, body: undefined, height };
    },
    "DELETE /api/guts/transfers/{repository_id}": async (call) => {
      const height = await answerTransfer(services, call, { repositoryId: call.path.repository_id, answer: "cancel" });
      return { status: 204, body: undefined, height };
    },
  };
}
