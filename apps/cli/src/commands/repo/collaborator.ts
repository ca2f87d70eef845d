import { ApiError } from "@guts/api/client";
import type { CommandContext } from "../../context.ts";
import { selectRepository, type SelectedRepository } from "../../git/select-repository.ts";
import { listLimitMax, pageSizeMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { collaboratorFields } from "../../tree/fields.ts";
import { take } from "../limit.ts";
import { sayDone } from "../say.ts";

interface RepositoryOption {
  readonly repo?: string;
}

/** `guts repo collaborator list`. */
export async function listCollaborators(
  context: CommandContext,
  _args: readonly string[],
  options: RepositoryOption & { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const collaborators = await withProgress(platform.stderr, "Listing collaborators", () =>
    take(
      connection.client.items("GET /api/v3/repos/{owner}/{repo}/collaborators", {
        path: { owner, repo: name },
        query: { per_page: pageSizeMax },
      }),
      listLimitMax,
    ),
  );
  const records = collaborators.map(({ login, role_name }) => ({
    login,
    permission: role_name,
    url: `${connection.host}/${login}`,
  }));
  if (options.json !== undefined) return printJson(platform.stdout, options.json, collaboratorFields, records);
  await printTable(
    platform.stdout,
    style,
    [
      { title: "Handle", text: (row) => row.login, style: style.strong },
      { title: "Permission", text: (row) => row.permission },
    ],
    records,
  );
}

/** `guts repo collaborator add`. */
export async function addCollaborator(
  context: CommandContext,
  [username]: readonly string[],
  options: RepositoryOption & { readonly permission?: keyof typeof githubPermission },
): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const permission = options.permission ?? "write";
  const invitation = await withProgress(context.platform.stderr, "Inviting", () =>
    connection.client.call("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
      path: { owner, repo: name, username: username! },
      body: { permission: githubPermission[permission] },
    }),
  );
  sayDone(
    context,
    invitation === undefined
      ? `${username} may now ${verbs[permission]} ${owner}/${name}`
      : `Invited ${username} to ${verbs[permission]} ${owner}/${name}; it takes effect once it is accepted`,
  );
}

/** `guts repo collaborator remove`: removes a collaborator or, where there is none, an invitation that is still open. */
export async function removeCollaborator(
  context: CommandContext,
  [username]: readonly string[],
  options: RepositoryOption,
): Promise<void> {
  const selected = await selectRepository(context, options.repo);
  const { connection, owner, name } = selected;
  const path = { owner, repo: name, username: username! };
  await withProgress(context.platform.stderr, "Removing", async () => {
    if (await withdrawInvitation(selected, username!)) return;
    await connection.client.call("DELETE /api/v3/repos/{owner}/{repo}/collaborators/{username}", { path });
  });
  sayDone(context, `Removed ${username} from ${owner}/${name}`);
}

/** Withdraws an open invitation of `username`; false when there is none, or the viewer may not see invitations. */
async function withdrawInvitation({ connection, owner, name }: SelectedRepository, username: string): Promise<boolean> {
  const path = { owner, repo: name };
  const open = connection.client.items("GET /api/v3/repos/{owner}/{repo}/invitations", {
    path,
    query: { per_page: pageSizeMax },
  });
  try {
    const isTheirs = ({ invitee }: { invitee: { login: string } }) =>
      invitee.login.toLowerCase() === username.toLowerCase();
    const [invitation] = await take(open, 1, isTheirs);
    if (invitation === undefined) return false;
    await connection.client.call("DELETE /api/v3/repos/{owner}/{repo}/invitations/{invitation_id}", {
      path: { ...path, invitation_id: String(invitation.id) },
    });
    return true;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return false;
    throw error;
  }
}

/** GitHub's names of the levels in a request. */
const githubPermission = {
  read: "pull",
  triage: "triage",
  write: "push",
  maintain: "maintain",
  admin: "admin",
} as const;
const verbs = {
  read: "read",
  triage: "triage",
  write: "write to",
  maintain: "maintain",
  admin: "administer",
} as const;
