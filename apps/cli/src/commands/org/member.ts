import { usageError } from "../../cli-error.ts";
import { connectSignedIn, viewerLogin } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { listLimitMax, pageSizeMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { memberFields } from "../../tree/fields.ts";
import { confirm } from "../ask.ts";
import { take } from "../limit.ts";
import { sayDone, sayNote } from "../say.ts";

/** `guts org member list`. */
export async function listMembers(
  context: CommandContext,
  [org]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { client, host } = connectSignedIn(context);
  const membersAs = (role: "admin" | "member") =>
    take(
      client.items("GET /api/v3/orgs/{org}/members", { path: { org: org! }, query: { role, per_page: pageSizeMax } }),
      listLimitMax,
    );
  const [owners, members] = await withProgress(platform.stderr, "Listing members", async () => [
    await membersAs("admin"),
    await membersAs("member"),
  ]);
  const recordOf = (role: string) => (member: { login: string }) => ({
    login: member.login,
    role,
    url: `${host}/${member.login}`,
  });
  const records = [...owners.map(recordOf("owner")), ...members.map(recordOf("member"))];
  if (json !== undefined) return printJson(platform.stdout, json, memberFields, records);
  if (records.length === 0) return sayNote(context, `Nobody shows that they are a member of ${org}.`);
  const columns = [
    { title: "Handle", text: (row: (typeof records)[number]) => row.login, style: style.strong },
    { title: "Role", text: (row: (typeof records)[number]) => row.role },
  ];
  await printTable(platform.stdout, style, columns, records);
}

/** `guts org member set`. */
export async function setMember(context: CommandContext, [org, username, role]: readonly string[]): Promise<void> {
  if (role !== "owner" && role !== "member") throw usageError(`"${role}" is no role`, "Give owner or member.");
  const { client } = connectSignedIn(context);
  const path = { org: org!, username: username! };
  // Who is no member would be invited: that is another command.
  await client.call("GET /api/v3/orgs/{org}/memberships/{username}", { path });
  const { state } = await withProgress(context.platform.stderr, "Changing", () =>
    client.call("PUT /api/v3/orgs/{org}/memberships/{username}", {
      path,
      body: { role: role === "owner" ? "admin" : "member" },
    }),
  );
  const place = role === "owner" ? "an owner" : "a member";
  const isThere = state === "active";
  sayDone(context, `${username} ${isThere ? "is now" : "is now invited to be"} ${place} of ${org}`);
}

/** `guts org member remove`. */
export async function removeMember(
  context: CommandContext,
  [org, username]: readonly string[],
  options: { readonly yes?: true },
): Promise<void> {
  const { client } = connectSignedIn(context);
  await confirm(context, `Remove ${username} from ${org}, with their teams and roles there?`, options.yes);
  await withProgress(context.platform.stderr, "Removing", () =>
    client.call("DELETE /api/v3/orgs/{org}/members/{username}", { path: { org: org!, username: username! } }),
  );
  sayDone(context, `Removed ${username} from ${org}`);
}

/** `guts org leave`. */
export async function leaveOrganization(
  context: CommandContext,
  [org]: readonly string[],
  options: { readonly yes?: true },
): Promise<void> {
  const connection = connectSignedIn(context);
  const username = await viewerLogin(connection);
  await confirm(context, `Leave ${org}, with your teams and roles there?`, options.yes);
  await withProgress(context.platform.stderr, "Leaving", () =>
    connection.client.call("DELETE /api/v3/orgs/{org}/members/{username}", { path: { org: org!, username } }),
  );
  sayDone(context, `Left ${org}`);
}

/** `guts org member show` and `hide`. */
export function showMembership(isShown: boolean) {
  return async (context: CommandContext, [org]: readonly string[]): Promise<void> => {
    const connection = connectSignedIn(context);
    const path = { org: org!, username: await viewerLogin(connection) };
    const { client } = connection;
    if (isShown) await client.call("PUT /api/v3/orgs/{org}/public_members/{username}", { path });
    else await client.call("DELETE /api/v3/orgs/{org}/public_members/{username}", { path });
    sayDone(context, isShown ? `Everybody sees that you are in ${org}` : `Only members see that you are in ${org}`);
  };
}
