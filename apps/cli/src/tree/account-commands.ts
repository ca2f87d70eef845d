import { command, group, type GutsCommand, type OpenContext } from "./guts-command.ts";
import { keyFields, tokenFields } from "./fields.ts";

/** `guts key` and `guts token`. */
export function accountCommands(open: OpenContext): readonly GutsCommand[] {
  return [key(open), token(open)];
}

const key = (open: OpenContext) =>
  group(
    "key",
    "List, add and revoke the keys of your account",
    "List, add and revoke the keys of your account. Keys are changed with the root key alone, so these commands ask for " +
      "the recovery code; it is used on this device and not sent to the node.",
  ).addCommand(
    command(
      "list [handle]",
      "List the keys of an account",
      "List the keys of an account, your own without an argument.",
    )
      .withJson(keyFields)
      .runs(open, async () => (await import("../commands/key/list.ts")).listKeys),
  );

const token = (open: OpenContext) =>
  group("token", "List, create and revoke access tokens")
    .addCommand(
      command("list", "List your tokens and sessions")
        .withJson(tokenFields)
        .runs(open, async () => (await import("../commands/token.ts")).listTokens),
    )
    .addCommand(
      command(
        "create [label]",
        "Create a token",
        "Create a token for another program and print it, once. Scopes: repo (read and write all repositories), " +
          "public_repo (write public ones), repo:read (read all), user (your profile), delete_repo, admin:credentials " +
          "(tokens).",
      )
        .option("-s, --scope <scopes>", "Scopes, separated by commas (default: repo)")
        .option("-e, --expires <days>", "Days until it expires (default: 90)")
        .withExamples(["For a build machine that only reads", "guts token create ci --scope repo:read --expires 30"])
        .runs(open, async () => (await import("../commands/token.ts")).createToken),
    )
    .addCommand(
      command("revoke <id>", "Revoke a token or session")
        .option("-y, --yes", "Do not ask before the token that guts itself uses is revoked")
        .runs(open, async () => (await import("../commands/token.ts")).revokeToken),
    );
