import { usageError } from "../../cli-error.ts";
import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { safeLine } from "../../terminal/safe-text.ts";
import { organizationViewFields } from "../../tree/fields.ts";
import { confirmByName } from "../ask.ts";
import { sayDone } from "../say.ts";

/** `guts org view`. */
export async function viewOrganization(
  context: CommandContext,
  [org]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { client, host } = connectSignedIn(context);
  const found = await withProgress(platform.stderr, "Looking", () =>
    client.call("GET /api/v3/orgs/{org}", { path: { org: org! } }),
  );
  const record = {
    login: found.login,
    name: found.name ?? null,
    description: found.description,
    location: found.location ?? null,
    website: found.blog ?? null,
    basePermission: found.default_repository_permission ?? null,
    repositoryCreation: found.members_allowed_repository_creation_type ?? null,
    publicRepositoryCount: found.public_repos,
    url: `${host}/${found.login}`,
    createdAt: found.created_at,
  };
  if (json !== undefined) return printJson(platform.stdout, json, organizationViewFields, record);
  const { basePermission, repositoryCreation } = record;
  const lines = [
    style.strong(safeLine(record.name === null ? record.login : `${record.name} (${record.login})`)),
    ...[record.description, record.location, record.website].flatMap((text) => (text ? [safeLine(text)] : [])),
    ...(basePermission === null ? [] : [`Every member may: ${basePermission} every repository`]),
    ...(repositoryCreation === null ? [] : [`Members create repositories: ${repositoryCreation}`]),
    `Public repositories: ${record.publicRepositoryCount}`,
    record.url,
  ];
  platform.stdout.write(`${lines.join("\n")}\n`);
}

/** What `guts org edit` takes. */
interface EditOptions {
  readonly name?: string;
  readonly description?: string;
  readonly location?: string;
  readonly website?: string;
  readonly basePermission?: "none" | "read" | "write" | "admin";
  readonly repositoryCreation?: "all" | "private" | "none";
}

/** `guts org edit`. */
export async function editOrganization(
  context: CommandContext,
  [org]: readonly string[],
  options: EditOptions,
): Promise<void> {
  const { name, description, location, website, basePermission, repositoryCreation } = options;
  const body = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(location !== undefined && { location }),
    ...(website !== undefined && { blog: website }),
    ...(basePermission !== undefined && { default_repository_permission: basePermission }),
    ...(repositoryCreation !== undefined && { members_allowed_repository_creation_type: repositoryCreation }),
  };
  if (Object.keys(body).length === 0)
    throw usageError("nothing to change is given", "See `guts org edit --help` for what there is to change.");
  const { client } = connectSignedIn(context);
  await withProgress(context.platform.stderr, "Changing", () =>
    client.call("PATCH /api/v3/orgs/{org}", { path: { org: org! }, body }),
  );
  sayDone(context, `Changed ${org}`);
}

/** `guts org rename`. */
export async function renameOrganization(context: CommandContext, [org, login]: readonly string[]): Promise<void> {
  const { client, host } = connectSignedIn(context);
  await withProgress(context.platform.stderr, "Renaming", () =>
    client.call("PATCH /api/v3/admin/organizations/{org}", { path: { org: org! }, body: { login: login! } }),
  );
  sayDone(context, `${org} is now ${login}: ${host}/${login}; the former address redirects`);
}

/** `guts org delete`: asks for the handle, typed out, unless `--yes`. */
export async function deleteOrganization(
  context: CommandContext,
  [org]: readonly string[],
  options: { readonly yes?: true },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const path = { org: org! };
  const { login } = await client.call("GET /api/v3/orgs/{org}", { path });
  const consequence = `This deletes the organization ${login} with its teams and memberships, for good`;
  await confirmByName(context, login, { consequence, isSure: options.yes });
  await withProgress(context.platform.stderr, "Deleting", () => client.call("DELETE /api/v3/orgs/{org}", { path }));
  sayDone(context, `Deleted ${login}`);
}
