import type { Collaborator, CollaboratorPermission, RepositoryInvitation } from "@guts/api";
import type { Permission } from "@guts/governance";
import type { Account } from "@guts/ledger";

import type { Invitation } from "../../use-cases/collaborators.ts";
import { isoTime } from "../iso-time.ts";
import { presentPermissions, presentRepository, type RepositoryPresentation } from "./present-repository.ts";
import { presentSimpleUser } from "./present-user.ts";
import { nodeIdOf, type Urls } from "./urls.ts";

/** GitHub's older scale, which knows maintain as write and triage as read. */
function legacyPermission(held: Permission): CollaboratorPermission["permission"] {
  if (held === "maintain") return "write";
  return held === "triage" ? "read" : held;
}

/** An account with its role in a repository. */
export function presentCollaborator(account: Account, held: Permission, urls: Urls): Collaborator {
  return { ...presentSimpleUser(account, urls), permissions: presentPermissions(held), role_name: held };
}

/** An account's permission on a repository. */
export function presentCollaboratorPermission(account: Account, held: Permission, urls: Urls): CollaboratorPermission {
  return { permission: legacyPermission(held), role_name: held, user: presentCollaborator(account, held, urls) };
}

/** An open invitation. */
export function presentInvitation(
  { located, row, invitee, inviter, isExpired }: Invitation,
  presentation: Omit<RepositoryPresentation, "held">,
): RepositoryInvitation {
  const { urls } = presentation;
  return {
    id: row.number,
    node_id: nodeIdOf("RepositoryInvitation", row.number),
    repository: presentRepository(located, { ...presentation, held: undefined }),
    invitee: presentSimpleUser(invitee, urls),
    inviter: presentSimpleUser(inviter, urls),
    permissions: row.role,
    created_at: isoTime(row.createdTime),
    expired: isExpired,
    url: `${urls.api}/user/repository_invitations/${row.number}`,
    html_url: `${urls.base}/${located.fullName}/invitations`,
  };
}
