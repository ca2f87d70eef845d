import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import {
  addEmails,
  choosePrimaryEmail,
  listEmails,
  listPublicEmails,
  removeEmails,
  setEmailVisibility,
} from "../../use-cases/emails.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";

type Name =
  | `${"GET" | "POST" | "DELETE"} /api/v3/user/emails`
  | "PATCH /api/v3/user/email/visibility"
  | "GET /api/v3/user/public_emails"
  | "PUT /api/guts/emails/primary";

/** E-mail addresses of the signed-in account, in GitHub's shapes. */
export function emailHandlers(services: Services): Pick<RouteHandlers, Name> {
  return {
    "GET /api/v3/user/emails": (call) => {
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(listEmails(services, call), page);
      return { status: 200, body: [...items], headers: pageLinks(page, hasMore, call) };
    },
    "POST /api/v3/user/emails": (call) => ({ status: 201, body: [...addEmails(services, call, call.body)] }),
    "DELETE /api/v3/user/emails": (call) => {
      removeEmails(services, call, call.body);
      return { status: 204, body: undefined };
    },
    "PATCH /api/v3/user/email/visibility": (call) => ({
      status: 200,
      body: [...setEmailVisibility(services, call, call.body.visibility)],
    }),
    "GET /api/v3/user/public_emails": (call) => {
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(listPublicEmails(services, call), page);
      return { status: 200, body: [...items], headers: pageLinks(page, hasMore, call) };
    },
    "PUT /api/guts/emails/primary": (call) => ({
      status: 200,
      body: [...choosePrimaryEmail(services, call, call.body.email)],
    }),
  };
}
