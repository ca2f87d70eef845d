import { Type, type Static } from "typebox";

import { OneOf, Timestamp } from "../schema.ts";
import { Repository, RepositoryPermissions } from "./repositories.ts";
import { SimpleUser } from "./users.ts";

/** GitHub's `collaborator`: an account with its role in a repository. */
export const Collaborator = Type.Object(
  { ...SimpleUser.properties, permissions: RepositoryPermissions, role_name: Type.String() },
  { title: "Collaborator" },
);
export type Collaborator = Static<typeof Collaborator>;

/** GitHub's `repository-collaborator-permission`. */
export const CollaboratorPermission = Type.Object(
  { permission: OneOf("admin", "write", "read", "none"), role_name: Type.String(), user: Collaborator },
  { title: "CollaboratorPermission" },
);
export type CollaboratorPermission = Static<typeof CollaboratorPermission>;

/** GitHub's `repository-invitation`. */
export const RepositoryInvitation = Type.Object(
  {
    id: Type.Integer(),
    node_id: Type.String(),
    repository: Repository,
    invitee: SimpleUser,
    inviter: SimpleUser,
    permissions: OneOf("read", "write", "admin", "triage", "maintain"),
    created_at: Timestamp(),
    expired: Type.Boolean(),
    url: Type.String(),
    html_url: Type.String(),
  },
  { title: "RepositoryInvitation" },
);
export type RepositoryInvitation = Static<typeof RepositoryInvitation>;

/** The body of `PUT /collaborators/{username}`. `pull` and `push` are GitHub's old names of read and write. */
export const CollaboratorRequest = Type.Object({
  permission: Type.Optional(OneOf("pull", "triage", "push", "maintain", "admin", "read", "write")),
});
export type CollaboratorRequest = Static<typeof CollaboratorRequest>;

/** The body of `PATCH /invitations/{invitation_id}`. */
export const InvitationUpdate = Type.Object({
  permissions: Type.Optional(OneOf("read", "write", "maintain", "triage", "admin")),
});
export type InvitationUpdate = Static<typeof InvitationUpdate>;
