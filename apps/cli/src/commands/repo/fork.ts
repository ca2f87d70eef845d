import type { CommandContext } from "../../context.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { withProgress } from "../../terminal/progress.ts";
import { sayDone } from "../say.ts";
import { webUrl } from "./repository-record.ts";

interface ForkOptions {
  readonly org?: string;
  readonly forkName?: string;
  readonly defaultBranchOnly?: true;
}

/** `guts repo fork [repository]`: prints the fork's address. */
export async function forkRepository(
  context: CommandContext,
  [text]: readonly string[],
  { org, forkName, defaultBranchOnly }: ForkOptions,
): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, text);
  const body = {
    ...(org === undefined ? {} : { organization: org }),
    ...(forkName === undefined ? {} : { name: forkName }),
    ...(defaultBranchOnly === true ? { default_branch_only: true } : {}),
  };
  const fork = await withProgress(context.platform.stderr, "Forking", () =>
    connection.client.call("POST /api/v3/repos/{owner}/{repo}/forks", { path: { owner, repo: name }, body }),
  );
  sayDone(context, `Forked ${owner}/${name} to ${fork.full_name}`);
  context.platform.stdout.write(`${webUrl(connection.host, fork.full_name)}\n`);
}
