import { Type, type Static } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { Nullable, OneOf } from "../schema.ts";

/** Characters of an address (RFC 5321, section 4.5.3.1.3, without the brackets). */
export const emailLengthMax = 254;
/** Addresses of one account. */
export const emailsPerAccountMax = 20;

/** GitHub's `email`: an address of an account, as only its owner sees it. */
export const Email = Type.Object(
  {
    email: Type.String(),
    primary: Type.Boolean(),
    /** Nodes send no mail, so only the address that a node gives itself is known to be the account's. */
    verified: Type.Boolean(),
    /** Of the primary address: whether it is shown; null for every other. */
    visibility: Nullable(Type.String()),
  },
  { title: "Email" },
);
export type Email = Static<typeof Email>;

const Address = Type.String({ minLength: 3, maxLength: emailLengthMax });
const Addresses = Type.Array(Address, { minItems: 1, maxItems: emailsPerAccountMax });
/** Addresses as GitHub takes them: an object, a list, or one alone. */
export const EmailList = Type.Union([Type.Object({ emails: Addresses }), Addresses, Address]);
export type EmailList = Static<typeof EmailList>;

/** Addresses of the signed-in account, which its home node keeps to itself. */
export const emailRoutes = defineRoutes({
  "GET /api/v3/user/emails": {
    operationId: "users/list-emails-for-authenticated-user",
    summary: "Your e-mail addresses",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(Email) },
  },
  "POST /api/v3/user/emails": {
    operationId: "users/add-email-for-authenticated-user",
    summary: "Add e-mail addresses",
    access: "signed-in",
    body: EmailList,
    responses: { 201: Type.Array(Email) },
  },
  "DELETE /api/v3/user/emails": {
    operationId: "users/delete-email-for-authenticated-user",
    summary: "Remove e-mail addresses",
    access: "signed-in",
    body: EmailList,
    responses: { 204: null },
  },
  "PATCH /api/v3/user/email/visibility": {
    operationId: "users/set-primary-email-visibility-for-authenticated-user",
    summary: "Show your primary address, or keep it private",
    access: "signed-in",
    body: Type.Object({ visibility: OneOf("public", "private") }),
    responses: { 200: Type.Array(Email) },
  },
  "GET /api/v3/user/public_emails": {
    operationId: "users/list-public-emails-for-authenticated-user",
    summary: "Your addresses that anyone can see",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(Email) },
  },
  "PUT /api/guts/emails/primary": {
    operationId: "emails/set-primary",
    summary: "Choose your primary address",
    access: "signed-in",
    body: Type.Object({ email: Address }),
    responses: { 200: Type.Array(Email) },
  },
});
