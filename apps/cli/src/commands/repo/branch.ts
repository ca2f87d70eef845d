import { parseBranchName } from "@guts/primitives";
import { usageError } from "../../cli-error.ts";
import type { CommandContext } from "../../context.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { withProgress } from "../../terminal/progress.ts";
import { safeLine } from "../../terminal/safe-text.ts";
import { sayDone } from "../say.ts";

/** `guts repo branch rename`. */
export async function renameBranch(
  context: CommandContext,
  [branch, newName]: readonly string[],
  options: { readonly repo?: string },
): Promise<void> {
  if (parseBranchName(newName!) === undefined)
    throw usageError(`"${newName}" is no name of a branch`, "Names are as git takes them, such as main or release/2.");
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const renamed = await withProgress(context.platform.stderr, "Renaming", () =>
    connection.client.call("POST /api/v3/repos/{owner}/{repo}/branches/{branch}/rename", {
      path: { owner, repo: name, branch: branch! },
      body: { new_name: newName! },
    }),
  );
  sayDone(context, `${branch} of ${owner}/${name} is called ${renamed.name} now. In a clone:`);
  for (const line of followingCommands(quoted(branch!), quoted(renamed.name)))
    context.platform.stderr.write(`  ${safeLine(line)}\n`);
}

/** A name as a shell takes it. */
function quoted(name: string): string {
  return /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}

/** What brings a clone to the new name. */
function followingCommands(from: string, to: string): readonly string[] {
  return [
    `git branch -m ${from} ${to}`,
    "git fetch --prune origin",
    `git branch -u origin/${to} ${to}`,
    "git remote set-head origin -a",
  ];
}
