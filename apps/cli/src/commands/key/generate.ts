import { publicKeyOf, toHex } from "@guts/primitives";
import type { CommandContext } from "../../context.ts";
import { checkRecoveryCodeCanBeGiven, makeRootKey, type NewRootKeyOptions } from "../new-root-key.ts";
import { sayDone } from "../say.ts";

/** `guts key generate`: makes a root key for an account to come and prints its public half. Asks no node. */
export async function generateKey(
  context: CommandContext,
  _args: readonly string[],
  options: NewRootKeyOptions,
): Promise<void> {
  checkRecoveryCodeCanBeGiven(context, options);
  const { seed, files } = await makeRootKey(context, options);
  sayDone(context, files.length === 0 ? "Made a root key" : `Made a root key: ${files.join(", ")}`);
  context.platform.stdout.write(`${toHex(publicKeyOf(seed))}\n`);
}
