import { teamSlugOf, parseHandle, parseTeamName } from "@guts/primitives";
import { usageError } from "../../cli-error.ts";

/** Which team is meant, as paths of the API name it. */
export interface TeamPath {
  readonly org: string;
  readonly team_slug: string;
}

/** Parses `ORGANIZATION/TEAM`, the team by its name or its slug. Throws `usage`. */
export function parseTeam(text: string): TeamPath {
  const [org = "", ...rest] = text.split("/");
  const name = parseTeamName(rest.join("/"));
  if (parseHandle(org) === undefined || name === undefined)
    throw usageError(`"${text}" is no team`, "Give ORGANIZATION/TEAM, such as acme/core.");
  return { org, team_slug: teamSlugOf(name) };
}

/** The team as people write it. */
export function teamText({ org, team_slug: slug }: TeamPath): string {
  return `${org}/${slug}`;
}
