import { ApiError, createClient, type ApiClient, type ApiOutput } from "@guts/api/client";
import { CliError, usageError } from "./cli-error.ts";
import { isCredentialText } from "./config/credential-text.ts";
import { hostLabel, parseHost, type HostUrl } from "./config/host-name.ts";
import type { CommandContext } from "./context.ts";
import { SeenHeights } from "./config/seen-heights.ts";
import { heightFetch } from "./http/height-fetch.ts";
import { nodeFetch, type FetchBounds } from "./http/node-fetch.ts";

/** Where the token of a connection comes from. */
export type TokenSource = "GUTS_TOKEN" | "hosts.json";

/** A token for one node, and whose it is as far as that is known without asking. */
export interface HostToken {
  readonly token: string;
  readonly source: TokenSource;
  /** Undefined for GUTS_TOKEN, which says no name. */
  readonly login: string | undefined;
}

/** A node and the account that a command talks to it as. */
export interface Connection {
  readonly host: HostUrl;
  readonly client: ApiClient;
  readonly token: HostToken | undefined;
}

/**
 * The node that a command means: `--host` or GUTS_HOST, else `preferred` (the host of a repository argument or of a git
 * remote), else the default of the hosts file. Throws `authentication-needed` when nothing says so.
 */
export function selectHost(context: CommandContext, preferred?: HostUrl): HostUrl {
  const host = context.askedHost ?? preferred ?? context.hosts.defaultHost;
  if (host !== undefined) return host;
  throw new CliError("authentication-needed", "no node is known yet", {
    hint: "Run `guts auth signup --host HOST` for a new account or `guts auth login --host HOST`.",
  });
}

/**
 * The token for `host`, if there is one.
 *
 * GUTS_TOKEN belongs to the node that GUTS_HOST names or else to the default node; it is given to no other, whatever
 * `--host` or a git remote says.
 */
export function tokenFor(context: CommandContext, host: HostUrl): HostToken | undefined {
  const { settings, hosts } = context;
  const ownerOfVariable = settings.host === undefined ? hosts.defaultHost : parseHost(settings.host);
  if (settings.token !== undefined && ownerOfVariable === host && !isCredentialText(settings.token))
    throw usageError("GUTS_TOKEN holds no token", "A token is one word and begins with guts_.");
  if (settings.token !== undefined && ownerOfVariable === host)
    return { token: settings.token, source: "GUTS_TOKEN", login: undefined };
  const entry = hosts.entries.get(host);
  return entry === undefined ? undefined : { token: entry.token, source: "hosts.json", login: entry.login };
}

/** Connects to a node with the token for it, or without one where there is none. */
export function connect(context: CommandContext, preferred?: HostUrl): Connection {
  const host = selectHost(context, preferred);
  const token = tokenFor(context, host);
  return { host, token, client: clientOf(context, host, token?.token) };
}

/** A client of the node at `host`, with a token or without. */
export function clientOf(context: CommandContext, host: HostUrl, token?: string): ApiClient {
  const fetch = rememberingFetch(context, host);
  return createClient({ baseUrl: host, fetch, ...(token === undefined ? {} : { token }) });
}

/** A `fetch` of the node at `host` that sees what this person has written at any node of its network. */
export function rememberingFetch({ platform, settings }: CommandContext, host: HostUrl, bounds?: FetchBounds): Fetch {
  const seen = new SeenHeights(settings.configDirectory, platform.now);
  return heightFetch(nodeFetch(platform, host, bounds), host, seen);
}

type Fetch = typeof globalThis.fetch;

/** Like {@link connect}; throws `authentication-needed` where there is no token. */
export function connectSignedIn(context: CommandContext, preferred?: HostUrl): Connection & { token: HostToken } {
  const connection = connect(context, preferred);
  if (connection.token === undefined)
    throw new CliError("authentication-needed", `you are not signed in at ${hostLabel(connection.host)}`, {
      hint: `Run \`guts auth login --host ${connection.host}\`.`,
    });
  return { ...connection, token: connection.token };
}

/** The login of the account that a connection speaks for; the node is asked only where the token does not say. */
export async function viewerLogin({ client, token }: Pick<Connection, "client" | "token">): Promise<string> {
  return token?.login ?? (await client.call("GET /api/v3/user", {})).login;
}

type Session = ApiOutput<"GET /api/guts/session">;

/** The session that a client's token stands for; undefined when the node does not accept the token. */
export async function sessionOf(
  client: ApiClient,
): Promise<(Session & { readonly account: NonNullable<Session["account"]> }) | undefined> {
  try {
    const session = await client.call("GET /api/guts/session", {});
    return session.account === null ? undefined : { ...session, account: session.account };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return undefined;
    throw error;
  }
}
