import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { parseRepositoryArgument } from "../../git/select-repository.ts";
import { listLimitMax, pageSizeMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { teamMemberFields, teamRepositoryFields } from "../../tree/fields.ts";
import { take } from "../limit.ts";
import { sayDone, sayNote } from "../say.ts";
import { parseTeam, teamText, type TeamPath } from "./select-team.ts";

/** `guts team members`. */
export async function listTeamMembers(
  context: CommandContext,
  [text]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { client, host } = connectSignedIn(context);
  const path = parseTeam(text!);
  const membersAs = async (role: "maintainer" | "member") => {
    const input = { path, query: { role, per_page: pageSizeMax } };
    const found = await take(client.items("GET /api/v3/orgs/{org}/teams/{team_slug}/members", input), listLimitMax);
    return found.map(({ login }) => ({ login, role, url: `${host}/${login}` }));
  };
  const records = await withProgress(platform.stderr, "Listing members", async () => [
    ...(await membersAs("maintainer")),
    ...(await membersAs("member")),
  ]);
  if (json !== undefined) return printJson(platform.stdout, json, teamMemberFields, records);
  if (records.length === 0) return sayNote(context, `Nobody is in ${teamText(path)}. \`guts team add\` adds people.`);
  const columns = [
    { title: "Handle", text: (row: (typeof records)[number]) => row.login, style: style.strong },
    { title: "Role", text: (row: (typeof records)[number]) => row.role },
  ];
  await printTable(platform.stdout, style, columns, records);
}

/** `guts team add`. */
export async function addToTeam(
  context: CommandContext,
  [text, username]: readonly string[],
  { maintainer }: { readonly maintainer?: true },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const path = parseTeam(text!);
  const role = maintainer === true ? ("maintainer" as const) : ("member" as const);
  const { state } = await withProgress(context.platform.stderr, "Adding", () =>
    client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}", {
      path: { ...path, username: username! },
      body: { role },
    }),
  );
  sayDone(
    context,
    state === "active"
      ? `${username} is now a ${role} of ${teamText(path)}`
      : `${username} is no member of ${path.org} yet: invited, and in the team once they accept`,
  );
}

/** `guts team remove`. */
export async function removeFromTeam(context: CommandContext, [text, username]: readonly string[]): Promise<void> {
  const { client } = connectSignedIn(context);
  const path = parseTeam(text!);
  await withProgress(context.platform.stderr, "Removing", () =>
    client.call("DELETE /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}", {
      path: { ...path, username: username! },
    }),
  );
  sayDone(context, `Removed ${username} from ${teamText(path)}`);
}

/** `guts team repos list`. */
export async function listTeamRepositories(
  context: CommandContext,
  [text]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { client, host } = connectSignedIn(context);
  const path = parseTeam(text!);
  const input = { path, query: { per_page: pageSizeMax } };
  const found = await withProgress(platform.stderr, "Listing repositories", () =>
    take(client.items("GET /api/v3/orgs/{org}/teams/{team_slug}/repos", input), listLimitMax),
  );
  const records = found.map(({ full_name: repository, role_name: role }) => ({
    repository,
    role,
    url: `${host}/${repository}`,
  }));
  if (json !== undefined) return printJson(platform.stdout, json, teamRepositoryFields, records);
  if (records.length === 0)
    return sayNote(context, `${teamText(path)} has no role on a repository. \`guts team repos add\` gives one.`);
  const columns = [
    { title: "Repository", text: (row: (typeof records)[number]) => row.repository, style: style.strong },
    { title: "Role", text: (row: (typeof records)[number]) => row.role },
  ];
  await printTable(platform.stdout, style, columns, records);
}

/** `guts team repos add`. */
export async function addTeamRepository(
  context: CommandContext,
  [text, repository]: readonly string[],
  { role = "write" }: { readonly role?: "read" | "triage" | "write" | "maintain" | "admin" },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const team = parseTeam(text!);
  const path = pathOf(team, repository!);
  const permission = role === "read" ? "pull" : role === "write" ? "push" : role;
  await withProgress(context.platform.stderr, "Giving the role", () =>
    client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", { path, body: { permission } }),
  );
  sayDone(context, `${teamText(team)} has the role ${role} on ${path.owner}/${path.repo}`);
}

/** `guts team repos remove`. */
export async function removeTeamRepository(
  context: CommandContext,
  [text, repository]: readonly string[],
): Promise<void> {
  const { client } = connectSignedIn(context);
  const team = parseTeam(text!);
  const path = pathOf(team, repository!);
  await withProgress(context.platform.stderr, "Taking the role", () =>
    client.call("DELETE /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", { path }),
  );
  sayDone(context, `${teamText(team)} has no role on ${path.owner}/${path.repo} any more`);
}

/** The repository is the team's organization's where no owner is named: a team works on no others. */
function pathOf(team: TeamPath, repository: string) {
  const { owner = team.org, name } = parseRepositoryArgument(repository);
  return { ...team, owner, repo: name };
}
