import { fromHex, parsePublicKey, publicKeyOf, toHex } from "@guts/primitives";
import { CliError, usageError } from "../../cli-error.ts";
import { connectSignedIn, viewerLogin } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { withProgress } from "../../terminal/progress.ts";
import { confirm } from "../ask.ts";
import { findAccount } from "../auth/recover.ts";
import { readRootKey, type RootKeyOptions } from "../root-key.ts";
import { sayDone } from "../say.ts";
import { signFor, submitSigned } from "../signing.ts";
import { keyRecord, type KeyRecord } from "./list.ts";

interface RevokeOptions extends RootKeyOptions {
  readonly yes?: true;
}

/** `guts key revoke <key>`. */
export async function revokeKey(
  context: CommandContext,
  [text]: readonly string[],
  options: RevokeOptions,
): Promise<void> {
  const { client, token } = connectSignedIn(context);
  const found = findKey((await client.call("GET /api/guts/keys", {})).map(keyRecord), text!);
  const name = `${found.role} key ${found.label ?? found.fingerprint}`;
  await confirm(context, `Revoke the ${name}? It cannot be added again.`, options.yes);
  const seed = await readRootKey(context, options);
  const account = await findAccount(client, await viewerLogin({ client, token }), toHex(publicKeyOf(seed)));
  await withProgress(context.platform.stderr, "Revoking the key", async () => {
    const network = await client.call("GET /api/guts/network", {});
    const key = parsePublicKey(fromHex(found.publicKey) ?? new Uint8Array())!;
    await submitSigned(client, signFor(network, { kind: "key.revoke", payload: { key } }, { account, seed }));
  });
  sayDone(context, `Revoked the ${name}`);
}

/** The key whose fingerprint, with or without `SHA256:`, or hexadecimal text begins with `text`. */
function findKey(keys: readonly KeyRecord[], text: string): KeyRecord {
  const wanted = text.replace(/^SHA256:/, "");
  const [found, other] = keys.filter(
    ({ fingerprint, publicKey }) => fingerprint.startsWith(`SHA256:${wanted}`) || publicKey.startsWith(wanted),
  );
  if (found === undefined)
    throw new CliError("not-found", `your account has no key ${text}`, { hint: "See them with `guts key list`." });
  if (other !== undefined) throw usageError(`several keys begin with ${text}`, "Give more of it.");
  return found;
}
