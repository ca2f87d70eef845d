import type { RepositoryInvitation } from "@guts/api";
import { CliError } from "../cli-error.ts";
import { connectSignedIn, type Connection } from "../connection.ts";
import type { CommandContext } from "../context.ts";
import { listLimitMax, pageSizeMax } from "../limits.ts";
import { printJson, type JsonOption } from "../terminal/json.ts";
import { withProgress } from "../terminal/progress.ts";
import { relativeTime } from "../terminal/relative-time.ts";
import { printTable } from "../terminal/table.ts";
import { invitationFields } from "../tree/fields.ts";
import { take } from "./limit.ts";
import { sayDone, sayNote } from "./say.ts";

/** `guts invitation list`. */
export async function listInvitations(
  context: CommandContext,
  _args: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const connection = connectSignedIn(context);
  const invitations = await withProgress(platform.stderr, "Listing invitations", () => openInvitations(connection));
  const records = invitations.map(({ id, repository, inviter, permissions, created_at }) => ({
    id,
    repository: repository.full_name,
    inviter: inviter.login,
    permission: permissions,
    createdAt: created_at,
  }));
  if (json !== undefined) return printJson(platform.stdout, json, invitationFields, records);
  if (records.length === 0) return sayNote(context, "No invitation waits for your answer.");
  const now = platform.now();
  await printTable(
    platform.stdout,
    style,
    [
      { title: "Id", text: (row) => String(row.id) },
      { title: "Repository", text: (row) => row.repository, style: style.strong },
      { title: "From", text: (row) => row.inviter },
      { title: "Permission", text: (row) => row.permission },
      {
        title: "Since",
        text: (row) => relativeTime(row.createdAt, now),
        exactText: (row) => row.createdAt,
        style: style.quiet,
      },
    ],
    records,
  );
}

/** `guts invitation accept`. */
export async function acceptInvitation(context: CommandContext, [text]: readonly string[]): Promise<void> {
  const connection = connectSignedIn(context);
  const { id, repository } = await findInvitation(connection, text!);
  await connection.client.call("PATCH /api/v3/user/repository_invitations/{invitation_id}", {
    path: { invitation_id: String(id) },
  });
  sayDone(context, `Accepted; you now work on ${repository.full_name}`);
}

/** `guts invitation decline`. */
export async function declineInvitation(context: CommandContext, [text]: readonly string[]): Promise<void> {
  const connection = connectSignedIn(context);
  const { id, repository } = await findInvitation(connection, text!);
  await connection.client.call("DELETE /api/v3/user/repository_invitations/{invitation_id}", {
    path: { invitation_id: String(id) },
  });
  sayDone(context, `Declined the invitation to ${repository.full_name}`);
}

async function openInvitations({ client }: Connection): Promise<readonly RepositoryInvitation[]> {
  const query = { per_page: pageSizeMax };
  return await take(client.items("GET /api/v3/user/repository_invitations", { query }), listLimitMax);
}

/** The invitation with this id or to this repository. Throws `not-found`. */
async function findInvitation(connection: Connection, text: string): Promise<RepositoryInvitation> {
  const isMeant = ({ id, repository }: RepositoryInvitation) =>
    String(id) === text || repository.full_name.toLowerCase() === text.toLowerCase();
  const found = (await openInvitations(connection)).find(isMeant);
  if (found !== undefined) return found;
  throw new CliError("not-found", `no invitation "${text}" waits for your answer`, {
    hint: "See them with `guts invitation list`.",
  });
}
