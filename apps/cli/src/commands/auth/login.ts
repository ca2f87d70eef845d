import { ApiError } from "@guts/api/client";
import { CliError, usageError } from "../../cli-error.ts";
import { isCredentialText } from "../../config/credential-text.ts";
import { hostLabel, type HostUrl } from "../../config/host-name.ts";
import { clientOf, sessionOf } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { withProgress } from "../../terminal/progress.ts";
import { ask, askHost, askSecret, readSecretInput } from "../ask.ts";
import { browserScopes } from "./browser-scopes.ts";
import { offerGitSetup, rememberToken } from "./remember.ts";

interface LoginOptions {
  readonly web?: true;
  readonly scopes?: string;
  readonly withToken?: true;
  /** A home node where the command is signed in. */
  readonly home?: string;
  readonly login?: string;
  readonly passwordStdin?: true;
}

/** `guts auth login`: gets a token, checks it with the node, stores it. */
export async function logIn(context: CommandContext, _args: readonly string[], options: LoginOptions): Promise<void> {
  const host = await askHost(context);
  const token = await obtainToken(context, host, options);
  const session = await withProgress(context.platform.stderr, "Checking the token", () =>
    sessionOf(clientOf(context, host, token)),
  );
  if (session === undefined)
    throw new CliError("authentication-needed", `${hostLabel(host)} does not accept this token`, {
      hint: `Make one at ${host}/settings/tokens, or sign in with your password.`,
    });
  const login = session.account.handle;
  await rememberToken(context, host, { login, token });
  await offerGitSetup(context, host);
}

async function obtainToken(context: CommandContext, host: HostUrl, options: LoginOptions): Promise<string> {
  if (options.home !== undefined) {
    const { signInFromHome } = await import("./visit-login.ts");
    return signInFromHome(context, host, options.home);
  }
  const way = await chooseWay(context, options);
  if (way === "token") return readToken(context);
  if (way === "password") return signInWithPassword(context, host, options);
  const { signInWithBrowser } = await import("./device-login.ts");
  return signInWithBrowser(context, host, options.scopes ?? browserScopes.join(","));
}

async function chooseWay(context: CommandContext, options: LoginOptions): Promise<"web" | "password" | "token"> {
  if (options.web === true) return "web";
  if (options.scopes !== undefined) throw usageError("--scopes goes with --web", "Other tokens have their scopes.");
  if (options.withToken === true) return "token";
  if (options.login !== undefined || options.passwordStdin === true || !context.platform.isInteractive)
    return "password";
  const prompts = await context.platform.openPrompts();
  return await prompts.select("How do you want to sign in?", [
    { value: "password", label: "With handle and password" },
    { value: "web", label: "In the browser", hint: "with a code, also on another device" },
    { value: "token", label: "With a token", hint: "made in the web settings or by guts token create" },
  ]);
}

async function readToken(context: CommandContext): Promise<string> {
  const text = context.platform.isInteractive
    ? await askSecret(context, { message: "Token" }, "Give it on standard input.")
    : await readSecretInput(context.platform, "a token");
  const token = text.trim();
  if (!isCredentialText(token)) throw usageError("this is no token", "A token is one word and begins with guts_.");
  return token;
}

async function signInWithPassword(context: CommandContext, host: HostUrl, options: LoginOptions): Promise<string> {
  const login = options.login ?? (await ask(context, { message: "Handle" }, "Give --login HANDLE, or --with-token."));
  const password =
    options.passwordStdin === true
      ? await readSecretInput(context.platform, "a password")
      : await askSecret(context, { message: "Password" }, "Give --password-stdin, or --with-token.");
  const signedIn = await withProgress(context.platform.stderr, "Signing in", async () => {
    try {
      return await clientOf(context, host).call("POST /api/guts/signin", {
        body: { login, password, session: "token" },
      });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw new CliError("authentication-needed", `${hostLabel(host)} knows no account with this handle and password`, {
        hint: "A password works at the node where it was set. With another home node: guts auth login --home HOME.",
        cause: error,
      });
    }
  });
  return tokenOf(signedIn.token, host);
}

/** The token of an answer to a sign-in that asked for one. */
export function tokenOf(token: string | null, host: HostUrl): string {
  if (token !== null) return token;
  throw new CliError("unexpected", `${hostLabel(host)} gave no token`, { hint: "Is it an older node?" });
}
