import { ApiError } from "@guts/api/client";
import { CliError } from "../../cli-error.ts";
import { hostLabel, type HostUrl } from "../../config/host-name.ts";
import { readHosts, withoutHost, writeHosts } from "../../config/hosts-file.ts";
import { clientOf, selectHost } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { sayDone, sayNote } from "../say.ts";
import { forgetGit } from "./setup-git.ts";

/** `guts auth logout`: revokes the stored token, then forgets it; also when the node cannot be reached. */
export async function logOut(
  context: CommandContext,
  _args: readonly string[],
  options: { readonly keepToken?: true },
): Promise<void> {
  const host = selectHost(context);
  const entry = context.hosts.entries.get(host);
  if (entry === undefined) throw new CliError("refused", `no account is stored for ${hostLabel(host)}`);
  if (options.keepToken !== true) await revoke(context, host, entry.token);
  const { configDirectory } = context.settings;
  await writeHosts(configDirectory, withoutHost(await readHosts(configDirectory), host));
  await forgetGit(context, host);
  sayDone(context, `Signed out of ${hostLabel(host)} (${entry.login})`);
}

/** Revokes the token; a node that is away or has revoked it already is no reason to keep it here. */
async function revoke(context: CommandContext, host: HostUrl, token: string): Promise<void> {
  try {
    await clientOf(context, host, token).call("POST /api/guts/signout", {});
  } catch (error) {
    const isAway = error instanceof CliError && error.code === "unreachable";
    if (!isAway && !(error instanceof ApiError)) throw error;
    if (error instanceof ApiError && error.status === 401) return;
    sayNote(context, `The token could not be revoked; do it at ${host}/settings/tokens.`);
  }
}
