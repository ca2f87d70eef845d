import { ApiError, type ApiClient } from "@guts/api/client";
import { parseNodeId, publicKeyOf, toHex } from "@guts/primitives";
import { CliError } from "../../cli-error.ts";
import { hostLabel } from "../../config/host-name.ts";
import { clientOf } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { withProgress } from "../../terminal/progress.ts";
import { ask, askHost, askNewPassword } from "../ask.ts";
import { readRootKey, type RootKeyOptions } from "../root-key.ts";
import { sayDone } from "../say.ts";
import { signForSession } from "../signing.ts";
import { tokenOf } from "./login.ts";
import { offerGitSetup, rememberToken } from "./remember.ts";

interface RecoverOptions extends RootKeyOptions {
  readonly login?: string;
  readonly passwordStdin?: true;
}

/** `guts auth recover`: delegates to this node with the root key, sets a password there, stores a token. */
export async function recover(
  context: CommandContext,
  _args: readonly string[],
  options: RecoverOptions,
): Promise<void> {
  const host = await askHost(context);
  const client = clientOf(context, host);
  const network = await client.call("GET /api/guts/network", {});
  const login = options.login ?? (await ask(context, { message: "Handle" }, "Give --login HANDLE."));
  const seed = await readRootKey(context, options);
  const account = await findAccount(client, login, toHex(publicKeyOf(seed)));
  const password = await askNewPassword(context, options, false);
  const command = { kind: "delegation.grant", payload: { node: parseNodeId(network.nodeId)! } } as const;
  const recovered = await withProgress(context.platform.stderr, "Recovering the account", () =>
    client.call("POST /api/guts/recover", {
      body: { ...signForSession(network, command, { account, seed }), password: password!, session: "token" },
    }),
  );
  sayDone(context, `${hostLabel(host)} acts for ${recovered.account.handle} now, and the new password works there`);
  await rememberToken(context, host, { login: recovered.account.handle, token: tokenOf(recovered.token, host) });
  await offerGitSetup(context, host);
}

/** The number of the account `login`, once it is sure that `rootKey` is its root key. Throws `refused` or `not-found`. */
export async function findAccount(client: ApiClient, login: string, rootKey: string): Promise<number> {
  try {
    const [{ id }, keys] = await Promise.all([
      client.call("GET /api/v3/users/{username}", { path: { username: login } }),
      client.call("GET /api/guts/accounts/{handle}/keys", { path: { handle: login } }),
    ]);
    if (keys.some(({ publicKey, role }) => role === "root" && publicKey === rootKey)) return id;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    throw new CliError("not-found", `there is no account ${login}`, { cause: error });
  }
  throw new CliError("refused", `this is not the root key of ${login}`, {
    hint: "Check the handle, and that the recovery code is the newest one of this account.",
  });
}
