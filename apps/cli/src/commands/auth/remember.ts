import { CliError } from "../../cli-error.ts";
import { isCredentialText } from "../../config/credential-text.ts";
import { hostLabel, type HostUrl } from "../../config/host-name.ts";
import { readHosts, withHost, writeHosts, type HostEntry } from "../../config/hosts-file.ts";
import type { CommandContext } from "../../context.ts";
import { sayDone, sayNote } from "../say.ts";
import { configureGit, isGitConfigured } from "./setup-git.ts";

/** Stores a token, makes its node the default one and says so. The file is read again, since prompts take their time. */
export async function rememberToken(context: CommandContext, host: HostUrl, entry: HostEntry): Promise<void> {
  const { configDirectory, token, host: hostOfVariable } = context.settings;
  if (!isCredentialText(entry.login) || !isCredentialText(entry.token))
    throw new CliError("unexpected", `${hostLabel(host)} gave a login or token with characters that none can have`);
  await writeHosts(configDirectory, withHost(await readHosts(configDirectory), host, entry));
  sayDone(context, `Signed in at ${hostLabel(host)} as ${entry.login}`);
  if (token !== undefined && hostOfVariable !== undefined)
    sayNote(context, "GUTS_TOKEN is set and will be used instead of the stored token; unset it to use this one.");
}

/** Offers to let git use the token, where a person can be asked and git is not set up already. */
export async function offerGitSetup(context: CommandContext, host: HostUrl): Promise<void> {
  if (!context.platform.isInteractive || (await isGitConfigured(context, host))) return;
  const prompts = await context.platform.openPrompts();
  if (!(await prompts.confirm(`Let git use this token for ${hostLabel(host)}?`, true))) return;
  await configureGit(context, host);
  sayDone(context, `git uses this token for ${hostLabel(host)}`);
}
