import type { Team } from "@guts/api";
import { usageError } from "../../cli-error.ts";
import { connectSignedIn, type Connection } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { listLimitMax, pageSizeMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { safeLine } from "../../terminal/safe-text.ts";
import { teamFields, teamViewFields } from "../../tree/fields.ts";
import { confirm } from "../ask.ts";
import { take } from "../limit.ts";
import { printList } from "../print-list.ts";
import { sayDone } from "../say.ts";
import { parseTeam, teamText } from "./select-team.ts";

/** `guts team list`: of an organization, or without one one's own. */
export async function listTeams(
  context: CommandContext,
  [org]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const connection = connectSignedIn(context);
  const records = await withProgress(platform.stderr, "Listing teams", () =>
    org === undefined ? ownTeams(connection) : teamsOf(connection, org),
  );
  const columns = [
    { title: "Team", text: (row: TeamRecord) => `${row.organization}/${row.slug}`, style: style.strong },
    { title: "Privacy", text: (row: TeamRecord) => row.privacy },
    { title: "Parent", text: (row: TeamRecord) => row.parent ?? "" },
    { title: "Description", text: (row: TeamRecord) => row.description ?? "", isFlexible: true },
  ];
  const nothing = org === undefined ? "You are in no team." : `${org} has no team that you may see.`;
  await printList(context, records, { json, fields: teamFields, columns, nothing });
}

type TeamRecord = ReturnType<typeof recordOf>;

function recordOf({ host }: Connection, organization: string, team: Omit<Team, "permissions">) {
  return {
    organization,
    slug: team.slug,
    name: team.name,
    description: team.description,
    privacy: team.privacy === "secret" ? "secret" : "visible",
    parent: team.parent?.slug ?? null,
    url: `${host}/orgs/${organization}/teams/${team.slug}`,
  };
}

async function ownTeams(connection: Connection): Promise<readonly TeamRecord[]> {
  const query = { per_page: pageSizeMax };
  const teams = await take(connection.client.items("GET /api/v3/user/teams", { query }), listLimitMax);
  return teams.map((team) => recordOf(connection, team.organization.login, team));
}

async function teamsOf(connection: Connection, org: string): Promise<readonly TeamRecord[]> {
  const input = { path: { org }, query: { per_page: pageSizeMax } };
  const teams = await take(connection.client.items("GET /api/v3/orgs/{org}/teams", input), listLimitMax);
  return teams.map((team) => recordOf(connection, org, team));
}

/** `guts team view`. */
export async function viewTeam(
  context: CommandContext,
  [text]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const connection = connectSignedIn(context);
  const path = parseTeam(text!);
  const team = await withProgress(platform.stderr, "Looking", () =>
    connection.client.call("GET /api/v3/orgs/{org}/teams/{team_slug}", { path }),
  );
  const record = {
    ...recordOf(connection, team.organization.login, team),
    memberCount: team.members_count,
    repositoryCount: team.repos_count,
    createdAt: team.created_at,
  };
  if (json !== undefined) return printJson(platform.stdout, json, teamViewFields, record);
  const lines = [
    style.strong(safeLine(`${team.name} (${teamText({ ...path, team_slug: team.slug })})`)),
    ...(team.description === null ? [] : [safeLine(team.description)]),
    `Who may see it: ${record.privacy === "secret" ? "its members and owners of the organization" : "all members"}`,
    ...(record.parent === null ? [] : [`Parent: ${record.parent}`]),
    `Members: ${record.memberCount}`,
    `Repositories: ${record.repositoryCount}`,
    record.url,
  ];
  platform.stdout.write(`${lines.join("\n")}\n`);
}

/** What `guts team create` and `guts team edit` take. */
interface TeamOptions {
  readonly name?: string;
  readonly description?: string;
  readonly privacy?: "visible" | "secret";
  /** The parent's name or slug; false for none. */
  readonly parent?: string | false;
}

/** `guts team create`. */
export async function createTeam(
  context: CommandContext,
  [org, name]: readonly string[],
  { description, privacy = "visible", parent }: TeamOptions,
): Promise<void> {
  const connection = connectSignedIn(context);
  const made = await withProgress(context.platform.stderr, "Creating", async () => {
    const parentId = typeof parent === "string" ? await teamId(connection, `${org}/${parent}`) : undefined;
    const body = {
      name: name!,
      privacy: githubPrivacy(privacy),
      ...(description !== undefined && { description }),
      ...(parentId !== undefined && { parent_team_id: parentId }),
    };
    return connection.client.call("POST /api/v3/orgs/{org}/teams", { path: { org: org! }, body });
  });
  sayDone(context, `Created the team ${org}/${made.slug}: ${connection.host}/orgs/${org}/teams/${made.slug}`);
}

/** `guts team edit`. */
export async function editTeam(
  context: CommandContext,
  [text]: readonly string[],
  { name, description, privacy, parent }: TeamOptions,
): Promise<void> {
  const path = parseTeam(text!);
  const connection = connectSignedIn(context);
  if ([name, description, privacy, parent].every((each) => each === undefined))
    throw usageError("nothing to change is given", "Give --name, --description, --privacy, --parent or --no-parent.");
  const changed = await withProgress(context.platform.stderr, "Changing", async () => {
    const parentId = typeof parent === "string" ? await teamId(connection, `${path.org}/${parent}`) : null;
    const body = {
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(privacy !== undefined && { privacy: githubPrivacy(privacy) }),
      ...(parent !== undefined && { parent_team_id: parentId }),
    };
    return connection.client.call("PATCH /api/v3/orgs/{org}/teams/{team_slug}", { path, body });
  });
  sayDone(context, `Changed ${path.org}/${changed.slug}`);
}

/** `guts team delete`. */
export async function deleteTeam(
  context: CommandContext,
  [text]: readonly string[],
  options: { readonly yes?: true },
): Promise<void> {
  const path = parseTeam(text!);
  const { client } = connectSignedIn(context);
  await confirm(context, `Delete the team ${teamText(path)} with its child teams?`, options.yes);
  await withProgress(context.platform.stderr, "Deleting", () =>
    client.call("DELETE /api/v3/orgs/{org}/teams/{team_slug}", { path }),
  );
  sayDone(context, `Deleted the team ${teamText(path)}`);
}

/** The number of a team, which the API wants of a parent. */
async function teamId({ client }: Connection, text: string): Promise<number> {
  return (await client.call("GET /api/v3/orgs/{org}/teams/{team_slug}", { path: parseTeam(text) })).id;
}

/** GitHub calls a team that every member sees closed. */
function githubPrivacy(privacy: "visible" | "secret"): "closed" | "secret" {
  return privacy === "visible" ? "closed" : "secret";
}
