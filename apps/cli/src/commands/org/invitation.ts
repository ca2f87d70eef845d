import { CliError } from "../../cli-error.ts";
import { connectSignedIn, viewerLogin, type Connection } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { listLimitMax, pageSizeMax } from "../../limits.ts";
import type { JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { organizationInvitationFields } from "../../tree/fields.ts";
import { take } from "../limit.ts";
import { printList } from "../print-list.ts";
import { sayDone } from "../say.ts";

interface InvitationRecord {
  readonly organization: string;
  readonly login: string;
  readonly role: "owner" | "member";
  readonly inviter: string | null;
  readonly teamCount: number | null;
  readonly createdAt: string | null;
}

/** `guts org invitation list`: of an organization, or without one those that wait for one's own answer. */
export async function listInvitations(
  context: CommandContext,
  [org]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const connection = connectSignedIn(context);
  const records = await withProgress(platform.stderr, "Listing invitations", () =>
    org === undefined ? ownInvitations(connection) : invitationsOf(connection, org),
  );
  const columns = [
    { title: "Organization", text: (row: InvitationRecord) => row.organization, style: style.strong },
    { title: "Handle", text: (row: InvitationRecord) => row.login },
    { title: "Role", text: (row: InvitationRecord) => row.role },
  ];
  const nothing = org === undefined ? "No organization asks you in." : `${org} has no open invitation.`;
  await printList(context, records, { json, fields: organizationInvitationFields, columns, nothing });
}

async function ownInvitations({ client }: Connection): Promise<readonly InvitationRecord[]> {
  const query = { state: "pending", per_page: pageSizeMax } as const;
  const found = await take(client.items("GET /api/v3/user/memberships/orgs", { query }), listLimitMax);
  return found.map(({ organization, user, role }) => ({
    organization: organization.login,
    login: user.login,
    role: role === "admin" ? "owner" : "member",
    inviter: null,
    teamCount: null,
    createdAt: null,
  }));
}

async function invitationsOf({ client }: Connection, org: string): Promise<readonly InvitationRecord[]> {
  const input = { path: { org }, query: { per_page: pageSizeMax } };
  const found = await take(client.items("GET /api/v3/orgs/{org}/invitations", input), listLimitMax);
  return found.map(({ login, role, inviter, team_count, created_at }) => ({
    organization: org,
    login,
    role: role === "admin" ? "owner" : "member",
    inviter: inviter.login,
    teamCount: team_count,
    createdAt: created_at,
  }));
}

/** `guts org invitation cancel`. */
export async function cancelInvitation(context: CommandContext, [org, username]: readonly string[]): Promise<void> {
  const { client } = connectSignedIn(context);
  await withProgress(context.platform.stderr, "Cancelling", async () => {
    const input = { path: { org: org! }, query: { per_page: pageSizeMax } };
    const isTheirs = ({ login }: { login: string }) => login.toLowerCase() === username!.toLowerCase();
    const [invitation] = await take(client.items("GET /api/v3/orgs/{org}/invitations", input), 1, isTheirs);
    if (invitation === undefined)
      throw new CliError("not-found", `${org} has no open invitation of ${username}`, {
        hint: `See them with \`guts org invitation list ${org}\`.`,
      });
    const path = { org: org!, invitation_id: String(invitation.id) };
    await client.call("DELETE /api/v3/orgs/{org}/invitations/{invitation_id}", { path });
  });
  sayDone(context, `Took the invitation of ${username} to ${org} back`);
}

/** `guts org invitation decline`. */
export async function declineInvitation(context: CommandContext, [org]: readonly string[]): Promise<void> {
  const connection = connectSignedIn(context);
  const { client } = connection;
  const { state } = await client.call("GET /api/v3/user/memberships/orgs/{org}", { path: { org: org! } });
  if (state === "active")
    throw new CliError("refused", `you are a member of ${org} already`, {
      hint: `Leave it with \`guts org leave ${org}\`.`,
    });
  const path = { org: org!, username: await viewerLogin(connection) };
  await client.call("DELETE /api/v3/orgs/{org}/memberships/{username}", { path });
  sayDone(context, `Declined the invitation to ${org}`);
}
