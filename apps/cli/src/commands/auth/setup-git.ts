import { CliError } from "../../cli-error.ts";
import { hostLabel, type HostUrl } from "../../config/host-name.ts";
import type { CommandContext } from "../../context.ts";
import { askGit, askGitOrThrow } from "../../git/run-git.ts";
import { credentialHelper } from "../../git/credential-arguments.ts";
import { sayDone } from "../say.ts";

/** `guts auth setup-git`: lets git use the tokens, each for its own node only. */
export async function setUpGit(context: CommandContext): Promise<void> {
  const { askedHost, hosts } = context;
  const wanted = askedHost === undefined ? [...hosts.entries.keys()] : [askedHost];
  const stranger = wanted.find((host) => !hosts.entries.has(host));
  if (wanted.length === 0 || stranger !== undefined)
    throw new CliError("authentication-needed", `you are not signed in at ${stranger ?? "any node"}`, {
      hint: `Run \`guts auth login --host ${stranger ?? "HOST"}\` first.`,
    });
  for (const host of wanted) {
    await configureGit(context, host);
    sayDone(context, `git uses your token for ${hostLabel(host)}`);
  }
}

/**
 * Makes guts the only credential helper of `host` in the global git configuration, or in that of one repository.
 *
 * The empty first value clears helpers that are configured for every host, so that none of them stores this token too.
 */
export async function configureGit(context: CommandContext, host: HostUrl, repository?: string): Promise<void> {
  const key = helperKey(host);
  const scope = repository === undefined ? "--global" : "--local";
  const helper = credentialHelper(context.platform.selfCommand);
  await askGitOrThrow(context.platform, ["config", scope, "--replace-all", key, ""], repository);
  await askGitOrThrow(context.platform, ["config", scope, "--add", key, helper], repository);
}

/** Whether guts is the credential helper of `host` in the global configuration, from wherever it was run then. */
export async function isGitConfigured(context: CommandContext, host: HostUrl): Promise<boolean> {
  const { stdout } = await askGit(context.platform, ["config", "--global", "--get-all", helperKey(host)]);
  const ours = credentialHelper(context.platform.selfCommand);
  return stdout.split("\n").some((helper) => helper === ours || INSTALLED_ELSEWHERE.test(helper));
}

/** Takes guts out of the git configuration for `host`; a helper of somebody else's stays. */
export async function forgetGit(context: CommandContext, host: HostUrl): Promise<void> {
  if (!(await isGitConfigured(context, host))) return;
  await askGit(context.platform, ["config", "--global", "--unset-all", helperKey(host)]);
}

function helperKey(host: HostUrl): string {
  return `credential.${host}.helper`;
}

/** A guts that was installed at another place when it was set up. */
const INSTALLED_ELSEWHERE = /^!.*guts(\.mjs)?'? credential$/;
