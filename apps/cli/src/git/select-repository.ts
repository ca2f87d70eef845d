import { parseHandle, parseRepositoryName } from "@guts/primitives";
import { usageError } from "../cli-error.ts";
import { parseHost, type HostUrl } from "../config/host-name.ts";
import { connect, connectSignedIn, viewerLogin, type Connection } from "../connection.ts";
import type { CommandContext } from "../context.ts";
import { listRemotes, parseRepositoryUrl, type RepositoryAddress } from "./remotes.ts";

/** A repository that a command is about, the connection to its node, and the git remote that named it, if one did. */
export interface SelectedRepository {
  readonly connection: Connection;
  readonly owner: string;
  readonly name: string;
  readonly remoteName: string | undefined;
}

/** How a person named a repository; without an owner it is one of their own. */
export interface RepositoryArgument {
  readonly host: HostUrl | undefined;
  readonly owner: string | undefined;
  readonly name: string;
}

/** Parses `REPO`, `OWNER/REPO`, `HOST/OWNER/REPO` or a URL. Throws `usage` for anything else. */
export function parseRepositoryArgument(text: string): RepositoryArgument {
  const fromUrl = parseRepositoryUrl(text);
  if (fromUrl !== undefined) return fromUrl;
  const parts = text.split("/");
  const [name, owner, host] = parts.toReversed();
  const isSound =
    parts.length <= 3 &&
    parseRepositoryName(name!) !== undefined &&
    (owner === undefined || parseHandle(owner) !== undefined);
  if (!isSound) throw usageError(`"${text}" is no repository`, "Give OWNER/REPO, HOST/OWNER/REPO or a URL.");
  return { host: host === undefined ? undefined : parseHost(host), owner, name: name! };
}

/** The repository of `text`, or that of the current directory when there is none. */
export async function selectRepository(context: CommandContext, text: string | undefined): Promise<SelectedRepository> {
  if (text === undefined) return await inferRepository(context);
  const argument = parseRepositoryArgument(text);
  if (argument.owner === undefined) {
    const connection = connectSignedIn(context, argument.host);
    const owner = await viewerLogin(connection);
    return { connection, owner, name: argument.name, remoteName: undefined };
  }
  return {
    connection: connect(context, argument.host),
    owner: argument.owner,
    name: argument.name,
    remoteName: undefined,
  };
}

/**
 * The repository that the git remotes of the current directory name, at a node that is asked for or known.
 *
 * A remote at a host that is neither is not taken, so that a checkout from elsewhere never makes a command talk to a
 * stranger.
 */
async function inferRepository(context: CommandContext): Promise<SelectedRepository> {
  const remotes = await listRemotes(context.platform);
  const isKnown = ({ host }: RepositoryAddress) =>
    context.askedHost === undefined
      ? context.hosts.entries.has(host) || host === context.hosts.defaultHost
      : host === context.askedHost;
  const remote = remotes.find(isKnown);
  if (remote === undefined)
    throw usageError(
      remotes.length === 0
        ? "no repository is given, and no git remote of this directory names one"
        : "no git remote of this directory points at a node where you are signed in",
      "Give OWNER/REPO, or sign in with `guts auth login --host HOST`.",
    );
  const { host, owner, name, remoteName } = remote;
  return { connection: connect(context, host), owner, name, remoteName };
}
