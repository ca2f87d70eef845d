import type { OrganizationView } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { organizationQuery, type TeamName } from "../api/organization-queries.ts";

/** The organization in the address, under `/orgs/` and `/organizations/`. */
export function useOrganizationName(): string {
  return useParams({ strict: false }).org!;
}

/** The frame of the organization whose page this is. */
export function useOrganization(): OrganizationView {
  return useSuspenseQuery(organizationQuery(useOrganizationName())).data;
}

/** The team in the address. */
export function useTeamName(): TeamName {
  const { org, team } = useParams({ strict: false });
  return { org: org!, team: team! };
}
