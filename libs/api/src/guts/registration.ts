import { Type, type Static } from "typebox";

import { defineRoutes } from "../route.ts";
import { OneOf, Timestamp } from "../schema.ts";

const Key = Type.String({ pattern: "^[0-9a-f]{64}$" });
const Reason = Type.Optional(Type.String());

/** An invitation to the network. Whoever holds the private half of `key` may open accounts. */
export const NetworkInvitation = Type.Object(
  {
    key: Key,
    invitedBy: Type.String(),
    createdAt: Timestamp(),
    expiresAt: Timestamp(),
    /** Accounts that it opens in all, and how many are left. */
    uses: Type.Integer(),
    usesLeft: Type.Integer(),
    /** Whether it is good while registration is closed. */
    isForClosed: Type.Boolean(),
  },
  { title: "NetworkInvitation" },
);
export type NetworkInvitation = Static<typeof NetworkInvitation>;

/** The public half of a key that the administrator has just made, and what it is good for. */
export const NetworkInvitationCreation = Type.Object({
  key: Key,
  expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 90, default: 7 })),
  uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 1 })),
  isForClosed: Type.Optional(Type.Boolean({ default: false })),
  reason: Reason,
});
export type NetworkInvitationCreation = Static<typeof NetworkInvitationCreation>;

/** Who may open accounts from now on, and why. */
export const RegistrationChange = Type.Object({ registration: OneOf("open", "invite", "closed"), reason: Reason });
export type RegistrationChange = Static<typeof RegistrationChange>;

/** What administrators of the network decide about newcomers. */
export const registrationRoutes = defineRoutes({
  "GET /api/guts/invitations": {
    operationId: "administration/list-invitations",
    summary: "Invitations to the network that are good, oldest first",
    access: "signed-in",
    responses: { 200: Type.Array(NetworkInvitation) },
  },
  "POST /api/guts/invitations": {
    operationId: "administration/create-invitation",
    summary: "Invite people to the network by a key of one's own making",
    access: "signed-in",
    body: NetworkInvitationCreation,
    responses: { 201: NetworkInvitation },
  },
  "DELETE /api/guts/invitations/{key}": {
    operationId: "administration/revoke-invitation",
    summary: "Take an invitation to the network back",
    access: "signed-in",
    body: Type.Object({ reason: Reason }),
    responses: { 204: null },
  },
  "PUT /api/guts/registration": {
    operationId: "administration/set-registration",
    summary: "Open registration, close it, or leave it to invitations",
    access: "signed-in",
    body: RegistrationChange,
    responses: { 204: null },
  },
});
