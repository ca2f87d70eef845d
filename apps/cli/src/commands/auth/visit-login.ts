/** Signing in at a node with the consent of a home node where this command is signed in (docs/adr/0014-signing-in-elsewhere.md). */
import { randomBytes } from "node:crypto";
import { signInRequestOf } from "@guts/ledger";
import { toHex } from "@guts/primitives";
import { CliError } from "../../cli-error.ts";
import { hostLabel, parseHost, type HostUrl } from "../../config/host-name.ts";
import { clientOf, tokenFor } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { withProgress } from "../../terminal/progress.ts";
import { tokenOf } from "./login.ts";

const secretBytes = 32;

/** Asks the home node for a code for `host`, and answers the token that `host` gives for it. */
export async function signInFromHome(context: CommandContext, host: HostUrl, homeText: string): Promise<string> {
  const home = parseHost(homeText);
  const kept = tokenFor(context, home);
  if (kept === undefined)
    throw new CliError("authentication-needed", `you are not signed in at ${hostLabel(home)}`, {
      hint: `Run \`guts auth login --host ${home}\` first.`,
    });
  const [there, atHome] = [clientOf(context, host), clientOf(context, home, kept.token)];
  return withProgress(context.platform.stderr, "Signing in", async () => {
    const [visited, own] = await Promise.all([
      there.call("GET /api/guts/network", {}),
      atHome.call("GET /api/guts/network", {}),
    ]);
    if (visited.networkId !== own.networkId)
      throw new CliError("refused", `${hostLabel(host)} and ${hostLabel(home)} are of different networks`);
    const secret = Uint8Array.from(randomBytes(secretBytes));
    const request = toHex(signInRequestOf(secret));
    const agreed = await atHome.call("POST /api/guts/visits", { body: { nodeId: visited.nodeId, request } });
    const signedIn = await there.call("POST /api/guts/signin/visit", {
      body: { code: agreed.code, secret: Buffer.from(secret).toString("base64url"), session: "token" },
      minHeight: agreed.height,
    });
    return tokenOf(signedIn.token, host);
  });
}
