import type { RepositoryUpdate } from "@guts/api";
import { usageError } from "../../cli-error.ts";
import type { CommandContext } from "../../context.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { withProgress } from "../../terminal/progress.ts";
import { confirm } from "../ask.ts";
import { sayDone } from "../say.ts";

interface EditOptions {
  readonly description?: string;
  readonly homepage?: string;
  readonly visibility?: "public" | "private";
  readonly defaultBranch?: string;
  readonly archive?: true;
  readonly unarchive?: true;
  readonly yes?: true;
}

/** `guts repo edit [repository]`. */
export async function editRepository(
  context: CommandContext,
  [text]: readonly string[],
  options: EditOptions,
): Promise<void> {
  const body = updateOf(options);
  const { connection, owner, name } = await selectRepository(context, text);
  if (body.visibility === "public")
    await confirm(context, `Let everybody read ${owner}/${name} and its whole history?`, options.yes);
  const repository = await withProgress(context.platform.stderr, "Changing the repository", () =>
    connection.client.call("PATCH /api/v3/repos/{owner}/{repo}", { path: { owner, repo: name }, body }),
  );
  sayDone(context, `Changed ${repository.full_name}`);
}

function updateOf(options: EditOptions): RepositoryUpdate {
  const { description, homepage, visibility, defaultBranch, archive, unarchive } = options;
  if (archive === true && unarchive === true) throw usageError("--archive and --unarchive exclude each other");
  const body: RepositoryUpdate = {
    ...(description === undefined ? {} : { description }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(defaultBranch === undefined ? {} : { default_branch: defaultBranch }),
    ...(archive === true || unarchive === true ? { archived: archive === true } : {}),
  };
  if (Object.keys(body).length === 0)
    throw usageError("nothing to change is given", "See `guts repo edit --help` for what can be changed.");
  return body;
}
