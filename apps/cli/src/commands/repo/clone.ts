import { usageError } from "../../cli-error.ts";
import type { CommandContext } from "../../context.ts";
import { credentialArguments } from "../../git/credential-arguments.ts";
import { runGit } from "../../git/run-git.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { cloneUrl } from "./repository-record.ts";

/** `guts repo clone`: finds the repository's present name, then lets git clone it with the stored token. */
export async function cloneRepository(context: CommandContext, [text, ...rest]: readonly string[]): Promise<void> {
  const hasDirectory = rest[0] !== undefined && !rest[0].startsWith("-");
  const directory = hasDirectory ? rest[0] : undefined;
  const flags = hasDirectory ? rest.slice(1) : rest;
  const stray = flags.find((flag, index) => index === 0 && !flag.startsWith("-"));
  if (stray !== undefined) throw usageError(`unexpected argument "${stray}"`, "Flags of git clone go after --.");
  const { connection, owner, name } = await selectRepository(context, text);
  const repository = await connection.client.call("GET /api/v3/repos/{owner}/{repo}", { path: { owner, repo: name } });
  const { host } = connection;
  await runGit(context.platform, [
    ...credentialArguments(host, context.platform.selfCommand),
    "clone",
    ...flags,
    "--",
    cloneUrl(host, repository.full_name),
    ...(directory === undefined ? [] : [directory]),
  ]);
}
