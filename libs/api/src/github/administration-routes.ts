import { defineRoutes } from "../route.ts";
import { SimpleUser, Suspension, UserCreation } from "./users.ts";

/** What administrators of a GitHub Enterprise Server do about accounts, and here those of the network. */
export const administrationRoutes = defineRoutes({
  "POST /api/v3/admin/users": {
    operationId: "enterprise-admin/create-user",
    summary: "Open an account for somebody, by the sign-up that its own root key signed",
    access: "signed-in",
    body: UserCreation,
    responses: { 201: SimpleUser },
  },
  "PUT /api/v3/users/{username}/suspended": {
    operationId: "enterprise-admin/suspend-user",
    summary: "Suspend an account; administrators of the network only",
    access: "signed-in",
    body: Suspension,
    responses: { 204: null },
  },
  "DELETE /api/v3/users/{username}/suspended": {
    operationId: "enterprise-admin/unsuspend-user",
    summary: "Let a suspended account act again",
    access: "signed-in",
    body: Suspension,
    responses: { 204: null },
  },
});
