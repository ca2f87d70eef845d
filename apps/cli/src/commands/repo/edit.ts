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
  readonly topics?: string;
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
  const isNothing = Object.keys(body).length === 0;
  if (isNothing && options.topics === undefined)
    throw usageError("nothing to change is given", "See `guts repo edit --help` for what can be changed.");
  const { connection, owner, name } = await selectRepository(context, text);
  if (body.visibility === "public")
    await confirm(context, `Let everybody read ${owner}/${name} and its whole history?`, options.yes);
  const path = { owner, repo: name };
  await withProgress(context.platform.stderr, "Changing the repository", async () => {
    if (options.topics !== undefined) {
      const names = options.topics.split(/[\s,]+/).filter((topic) => topic !== "");
      await connection.client.call("PUT /api/v3/repos/{owner}/{repo}/topics", { path, body: { names } });
    }
    if (!isNothing) await connection.client.call("PATCH /api/v3/repos/{owner}/{repo}", { path, body });
  });
  sayDone(context, `Changed ${owner}/${name}`);
}

function updateOf(options: EditOptions): RepositoryUpdate {
  const { description, homepage, visibility, defaultBranch, archive, unarchive } = options;
  if (archive === true && unarchive === true) throw usageError("--archive and --unarchive exclude each other");
  return {
    ...(description === undefined ? {} : { description }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(defaultBranch === undefined ? {} : { default_branch: defaultBranch }),
    ...(archive === true || unarchive === true ? { archived: archive === true } : {}),
  };
}
