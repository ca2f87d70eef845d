import { randomBytes } from "node:crypto";
import { encodeInvitation } from "@guts/ledger";
import { parsePrivateSeed, parseTimeMs, publicKeyOf, toHex } from "@guts/primitives";
import { connectSignedIn, viewerLogin } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { invitationDaysDefault, invitationDaysMax } from "../../limits.ts";
import { withProgress } from "../../terminal/progress.ts";
import { parseCount } from "../limit.ts";
import { readRootKey, type RootKeyOptions } from "../root-key.ts";
import { sayDone } from "../say.ts";
import { signFor, submitSigned } from "../signing.ts";
import { findAccount } from "./recover.ts";

const dayMs = 24 * 60 * 60_000;

/** `guts auth invite`: prints an invitation to the network once; the ledger has its public half only. */
export async function invite(
  context: CommandContext,
  _args: readonly string[],
  options: RootKeyOptions & { readonly expires?: string },
): Promise<void> {
  const days =
    options.expires === undefined ? invitationDaysDefault : parseCount(options.expires, invitationDaysMax, "--expires");
  const { client, token } = connectSignedIn(context);
  const rootSeed = await readRootKey(context, options);
  const account = await findAccount(client, await viewerLogin({ client, token }), toHex(publicKeyOf(rootSeed)));
  const seed = parsePrivateSeed(Uint8Array.from(randomBytes(32)))!;
  await withProgress(context.platform.stderr, "Inviting", async () => {
    const network = await client.call("GET /api/guts/network", {});
    const expiresTime = parseTimeMs(Date.parse(network.time) + days * dayMs)!;
    const payload = { key: publicKeyOf(seed), expiresTime };
    const command = { kind: "network-invitation.create", payload } as const;
    await submitSigned(client, signFor(network, command, { account, seed: rootSeed }));
  });
  sayDone(context, `Made an invitation for one account, good for ${days} days`);
  context.platform.stdout.write(`${encodeInvitation(seed)}\n`);
}
