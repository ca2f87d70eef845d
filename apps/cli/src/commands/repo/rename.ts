import { parseRepositoryName } from "@guts/primitives";
import { usageError } from "../../cli-error.ts";
import type { CommandContext } from "../../context.ts";
import { listRemotes } from "../../git/remotes.ts";
import { askGitOrThrow } from "../../git/run-git.ts";
import { selectRepository, type SelectedRepository } from "../../git/select-repository.ts";
import { withProgress } from "../../terminal/progress.ts";
import { ask, confirm } from "../ask.ts";
import { sayDone } from "../say.ts";
import { cloneUrl } from "./repository-record.ts";

/** `guts repo rename`: renames at the node, then points the remotes of the current directory at the new name. */
export async function renameRepository(
  context: CommandContext,
  [given]: readonly string[],
  options: { readonly repo?: string; readonly yes?: true },
): Promise<void> {
  const selected = await selectRepository(context, options.repo);
  const { connection, owner, name } = selected;
  const message = `New name of ${owner}/${name}`;
  const newName = given ?? (await ask(context, { message, initialValue: name }, "Give the new name."));
  if (parseRepositoryName(newName) === undefined)
    throw usageError(`"${newName}" is no name for a repository`, "Use letters, digits, dots, hyphens and underscores.");
  // A name that was typed together with the repository is meant; one for "whatever this directory is" is confirmed.
  if (given !== undefined && options.repo === undefined && context.platform.isInteractive)
    await confirm(context, `Rename ${owner}/${name} to ${newName}?`, options.yes);
  const renamed = await withProgress(context.platform.stderr, "Renaming", () =>
    connection.client.call("PATCH /api/v3/repos/{owner}/{repo}", {
      path: { owner, repo: name },
      body: { name: newName },
    }),
  );
  sayDone(context, `Renamed ${owner}/${name} to ${renamed.full_name}`);
  await updateRemotes(context, selected, renamed.full_name);
}

/** Points every remote of the current directory that names the old repository at the new one. */
async function updateRemotes(context: CommandContext, old: SelectedRepository, nameWithOwner: string): Promise<void> {
  const { host } = old.connection;
  for (const remote of await listRemotes(context.platform)) {
    const isOld =
      remote.host === host &&
      remote.owner.toLowerCase() === old.owner.toLowerCase() &&
      remote.name.toLowerCase() === old.name.toLowerCase();
    if (!isOld) continue;
    await askGitOrThrow(context.platform, [
      "remote",
      "set-url",
      "--",
      remote.remoteName,
      cloneUrl(host, nameWithOwner),
    ]);
    sayDone(context, `Updated the remote ${remote.remoteName}`);
  }
}
