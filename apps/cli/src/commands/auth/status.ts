import { ApiError } from "@guts/api/client";
import { CliError } from "../../cli-error.ts";
import type { HostUrl } from "../../config/host-name.ts";
import { clientOf, sessionOf, tokenFor } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { failureOfApi } from "../../http/failure.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { safeLine } from "../../terminal/safe-text.ts";
import { statusFields } from "../../tree/fields.ts";

type HostStatus = Readonly<Record<(typeof statusFields)[number], unknown>> & {
  readonly host: string;
  readonly login: string | null;
  readonly isSignedIn: boolean;
  readonly scopes: readonly string[];
  readonly problem: string | null;
};

/** `guts auth status`: who is signed in where, and whether the tokens work. */
export async function showStatus(
  context: CommandContext,
  _args: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const hosts = statusHosts(context);
  if (hosts.length === 0)
    throw new CliError("authentication-needed", "you are signed in at no node", {
      hint: "Run `guts auth signup --host HOST` for a new account or `guts auth login --host HOST`.",
    });
  const statuses = await withProgress(context.platform.stderr, "Asking the nodes", () =>
    Promise.all(hosts.map((host) => statusOf(context, host))),
  );
  if (json !== undefined) printJson(context.platform.stdout, json, statusFields, statuses);
  else for (const status of statuses) context.platform.stdout.write(describe(context, status));
  if (statuses.some(({ isSignedIn }) => !isSignedIn)) throw new CliError("reported", "");
}

/** The node that was asked for, or every known one with the default first. */
function statusHosts({ askedHost, hosts, settings }: CommandContext): readonly HostUrl[] {
  if (askedHost !== undefined) return hosts.entries.has(askedHost) || settings.token !== undefined ? [askedHost] : [];
  const known = [...hosts.entries.keys()];
  return known.sort((left, right) => Number(right === hosts.defaultHost) - Number(left === hosts.defaultHost));
}

async function statusOf(context: CommandContext, host: HostUrl): Promise<HostStatus> {
  const token = tokenFor(context, host);
  const known = {
    host,
    isDefault: host === context.hosts.defaultHost,
    tokenSource: token?.source ?? null,
    login: token?.login ?? null,
  };
  try {
    const session = await sessionOf(clientOf(context, host, token?.token));
    if (session !== undefined)
      return { ...known, login: session.account.handle, isSignedIn: true, scopes: session.scopes, problem: null };
    return { ...known, isSignedIn: false, scopes: [], problem: "the token is no longer valid" };
  } catch (error) {
    const failure = error instanceof ApiError ? failureOfApi(error) : error;
    if (!(failure instanceof CliError)) throw error;
    return { ...known, isSignedIn: false, scopes: [], problem: failure.message };
  }
}

function describe({ style, settings }: CommandContext, status: HostStatus): string {
  const who = status.login === null ? "an account" : safeLine(status.login);
  const lines = status.isSignedIn
    ? [
        `${style.good("✓")} Signed in as ${style.strong(who)} (${String(status.tokenSource)})`,
        `- Token scopes: ${status.scopes.length === 0 ? "all" : status.scopes.map(safeLine).join(", ")}`,
      ]
    : [
        `${style.bad("✗")} ${safeLine(status.problem ?? "")}`,
        status.tokenSource === "GUTS_TOKEN"
          ? "- The token is that of GUTS_TOKEN: correct or unset it"
          : `- To sign in again: guts auth login --host ${status.host}`,
      ];
  if (status.isDefault === true && settings.host === undefined) lines.push("- Default node");
  return `${style.strong(status.host)}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
