import { CliError, usageError } from "../../cli-error.ts";
import type { HostUrl } from "../../config/host-name.ts";
import { tokenFor } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { cloneCredentialOptions, credentialArguments } from "../../git/credential-arguments.ts";
import { runGit } from "../../git/run-git.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { isGitConfigured } from "../auth/setup-git.ts";
import { cloneUrl } from "./repository-record.ts";

/** `guts repo clone`: finds the repository's present name, then lets git clone it with the stored token. */
export async function cloneRepository(
  context: CommandContext,
  [text, ...rest]: readonly string[],
  options: { readonly ssh?: true } = {},
): Promise<void> {
  const hasDirectory = rest[0] !== undefined && !rest[0].startsWith("-");
  const directory = hasDirectory ? rest[0] : undefined;
  const flags = hasDirectory ? rest.slice(1) : rest;
  const stray = flags.find((flag, index) => index === 0 && !flag.startsWith("-"));
  if (stray !== undefined) throw usageError(`unexpected argument "${stray}"`, "Flags of git clone go after --.");
  const { connection, owner, name } = await selectRepository(context, text);
  const path = { owner, repo: name };
  const repository = await connection.client.call("GET /api/v3/repos/{owner}/{repo}", { path });
  const target = directory === undefined ? [] : [directory];
  if (options.ssh) {
    const { cloneUrls } = await connection.client.call("GET /api/guts/view/repos/{owner}/{repo}", { path });
    return runGit(context.platform, ["clone", ...flags, "--", requireSshUrl(cloneUrls.ssh), ...target]);
  }
  await runClone(context, connection.host, [
    ...flags,
    "--",
    cloneUrl(connection.host, repository.full_name),
    ...target,
  ]);
}

/** The remote over SSH that the node tells. Throws `refused` where its SSH door is closed. */
function requireSshUrl(url: string | null): string {
  // A node is not trusted with more than a host: git runs commands for some other addresses.
  if (url !== null && /^(ssh:\/\/git@|git@)[A-Za-z0-9[]/.test(url)) return url;
  throw new CliError("refused", "this node does not serve git over SSH", { hint: "Clone without --ssh." });
}

/**
 * Lets git clone with the stored token. Where git is not set up for the node, the clone is, so that a push from it works;
 * nothing outside of it is changed.
 */
export async function runClone(context: CommandContext, host: HostUrl, argv: readonly string[]): Promise<void> {
  const { selfCommand } = context.platform;
  const isSetUp = tokenFor(context, host) === undefined || (await isGitConfigured(context, host));
  const [before, options] = isSetUp
    ? [credentialArguments(host, selfCommand), []]
    : [[], cloneCredentialOptions(host, selfCommand)];
  await runGit(context.platform, [...before, "clone", ...options, ...argv]);
}
