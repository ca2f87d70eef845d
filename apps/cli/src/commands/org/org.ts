import { connectSignedIn, type Connection } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { listLimitMax, pageSizeMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { organizationFields } from "../../tree/fields.ts";
import { take } from "../limit.ts";
import { sayDone, sayNote } from "../say.ts";
import { parseTeam } from "../team/select-team.ts";

/** `guts org list`. */
export async function listOrganizations(
  context: CommandContext,
  _args: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { client, host } = connectSignedIn(context);
  const organizations = await withProgress(platform.stderr, "Listing organizations", () =>
    take(client.items("GET /api/v3/user/orgs", { query: { per_page: pageSizeMax } }), listLimitMax),
  );
  const records = organizations.map(({ login, description }) => ({ login, description, url: `${host}/${login}` }));
  if (json !== undefined) return printJson(platform.stdout, json, organizationFields, records);
  if (records.length === 0) return sayNote(context, "You are in no organization. `guts org create` makes one.");
  const columns = [
    { title: "Handle", text: (row: (typeof records)[number]) => row.login, style: style.strong },
    { title: "Description", text: (row: (typeof records)[number]) => row.description ?? "" },
  ];
  await printTable(platform.stdout, style, columns, records);
}

/** `guts org create`. */
export async function createOrganization(
  context: CommandContext,
  [login]: readonly string[],
  { name }: { readonly name?: string },
): Promise<void> {
  const { client, host } = connectSignedIn(context);
  const body = { login: login!, ...(name !== undefined && { profile_name: name }) };
  const made = await withProgress(context.platform.stderr, "Creating", () =>
    client.call("POST /api/v3/admin/organizations", { body }),
  );
  sayDone(context, `Created the organization ${made.login}; you own it: ${host}/${made.login}`);
}

/** `guts org invite`. */
export async function inviteToOrganization(
  context: CommandContext,
  [org, username]: readonly string[],
  { owner, team }: { readonly owner?: boolean; readonly team?: string },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const path = { org: org!, username: username! };
  const { state } = await withProgress(context.platform.stderr, "Inviting", async () => {
    if (team !== undefined) return inviteIntoTeams(client, path, { isOwner: owner === true, teams: team.split(",") });
    const body = { role: owner === true ? ("admin" as const) : ("member" as const) };
    return client.call("PUT /api/v3/orgs/{org}/memberships/{username}", { path, body });
  });
  const role = owner === true ? "an owner" : "a member";
  const isThere = state === "active";
  sayDone(context, isThere ? `${username} is now ${role} of ${org}` : `Invited ${username} to be ${role} of ${org}`);
}

async function inviteIntoTeams(
  client: Connection["client"],
  { org, username }: { readonly org: string; readonly username: string },
  { isOwner, teams }: { readonly isOwner: boolean; readonly teams: readonly string[] },
): Promise<{ readonly state: "pending" }> {
  const { id } = await client.call("GET /api/v3/users/{username}", { path: { username } });
  const ids: number[] = [];
  for (const team of teams) {
    const path = parseTeam(`${org}/${team.trim()}`);
    ids.push((await client.call("GET /api/v3/orgs/{org}/teams/{team_slug}", { path })).id);
  }
  const body = { invitee_id: id, role: isOwner ? ("admin" as const) : ("direct_member" as const), team_ids: ids };
  await client.call("POST /api/v3/orgs/{org}/invitations", { path: { org }, body });
  return { state: "pending" };
}

/** `guts org join`. */
export async function joinOrganization(context: CommandContext, [org]: readonly string[]): Promise<void> {
  const { client } = connectSignedIn(context);
  const path = { org: org! };
  await client.call("PATCH /api/v3/user/memberships/orgs/{org}", { path, body: { state: "active" } });
  sayDone(context, `Joined ${org}`);
}
