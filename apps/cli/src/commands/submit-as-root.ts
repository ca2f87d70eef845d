import type { LedgerCommand } from "@guts/ledger";
import { publicKeyOf, toHex } from "@guts/primitives";
import { connectSignedIn, viewerLogin } from "../connection.ts";
import type { CommandContext } from "../context.ts";
import { withProgress } from "../terminal/progress.ts";
import { findAccount } from "./auth/recover.ts";
import { readRootKey, type RootKeyOptions } from "./root-key.ts";
import { signFor, submitSigned } from "./signing.ts";

/** Signs a command of the signed-in account with its root key, and waits until it is applied. `contents` are texts that it names. */
export async function submitAsRoot(
  context: CommandContext,
  options: RootKeyOptions,
  command: LedgerCommand,
  contents: readonly string[] = [],
): Promise<void> {
  const { client, token } = connectSignedIn(context);
  const seed = await readRootKey(context, options);
  const account = await findAccount(client, await viewerLogin({ client, token }), toHex(publicKeyOf(seed)));
  await withProgress(context.platform.stderr, "Asking the network", async () => {
    const network = await client.call("GET /api/guts/network", {});
    await submitSigned(client, signFor(network, command, { account, seed }), contents);
  });
}
