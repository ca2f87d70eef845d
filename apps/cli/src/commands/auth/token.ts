import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";

/** `guts auth token`: prints the token for other programs. */
export async function printToken(context: CommandContext): Promise<void> {
  const { token } = connectSignedIn(context);
  context.platform.stdout.write(`${token.token}\n`);
}
