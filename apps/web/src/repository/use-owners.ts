import type { OwnMembership } from "@guts/api";
import { useQuery } from "@tanstack/react-query";

import { useViewer } from "../account/session.ts";
import { ownOrganizationsQuery } from "../api/organization-queries.ts";

/** Somebody for whom the viewer may make a repository. */
export interface PossibleOwner {
  readonly handle: string;
  readonly isOrganization: boolean;
  readonly mayCreatePublic: boolean;
  readonly mayCreatePrivate: boolean;
}

/** The viewer, and the organizations that they may make repositories for; undefined while that is not known. */
export function useOwners(): readonly PossibleOwner[] | undefined {
  const viewer = useViewer();
  const { data, isError } = useQuery(ownOrganizationsQuery);
  if (!viewer || (data === undefined && !isError)) return undefined;
  const own = { handle: viewer.handle, isOrganization: false, mayCreatePublic: true, mayCreatePrivate: true };
  return [own, ...(data?.memberships ?? []).filter(mayCreate).map(ownerOf)];
}

function mayCreate({ mayCreatePublic, mayCreatePrivate }: OwnMembership): boolean {
  return mayCreatePublic || mayCreatePrivate;
}

function ownerOf({ organization, mayCreatePublic, mayCreatePrivate }: OwnMembership): PossibleOwner {
  return { handle: organization.handle, isOrganization: true, mayCreatePublic, mayCreatePrivate };
}
