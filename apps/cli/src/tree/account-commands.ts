import { choice, command, group, type GutsCommand, type OpenContext } from "./guts-command.ts";
import { keyFields, sshKeyFields, tokenFields } from "./fields.ts";

/** `guts key`, `guts ssh-key` and `guts token`. */
export function accountCommands(open: OpenContext): readonly GutsCommand[] {
  return [key(open), sshKey(open), token(open)];
}

const withRootKey = (made: GutsCommand) =>
  made
    .option("--recovery-code-file <file>", "Read the recovery code from a file (- for standard input)")
    .option("--key-file <file>", "Use the root key in this PKCS#8 PEM file instead of the recovery code");

const key = (open: OpenContext) =>
  group(
    "key",
    "List, add and revoke the keys of your account",
    "List, add and revoke the keys of your account. Keys are changed with the root key alone, so these commands ask for " +
      "the recovery code; it is used on this device and not sent to the node.",
  )
    .addCommand(
      command(
        "list [handle]",
        "List the keys of an account",
        "List the keys of an account, your own without an argument.",
      )
        .withJson(keyFields)
        .runs(open, async () => (await import("../commands/key/list.ts")).listKeys),
    )
    .addCommand(
      command(
        "generate",
        "Make a root key for an account to come",
        "Make a root key before there is an account, or even a network, and print its public half in hexadecimal: what " +
          "`guts network create --administrator` wants. Sign up with it by `guts auth signup --root-key FILE`.",
      )
        .option("--recovery-code-file <file>", "Write the recovery code to a new file instead of showing it")
        .option("--key-file <file>", "Also write the root key to a new file, as PKCS#8 PEM")
        .withExamples([
          "For the administrator of a new network",
          "guts key generate --recovery-code-file admin.recovery",
        ])
        .runs(open, async () => (await import("../commands/key/generate.ts")).generateKey),
    )
    .addCommand(
      withRootKey(
        command(
          "add [file]",
          "Add a key",
          "Add a key to your account: an Ed25519 key of OpenSSH or in a PKCS#8 PEM file or, without an argument, a new " +
            "one whose private part is kept on this device. The key signs that it is to serve your account; for one of " +
            "OpenSSH ssh-keygen does that, with the file beside it or an agent.",
        ),
      )
        .option("-t, --title <text>", "What the key is for")
        .addOption(choice("--role <role>", "What it may do (default: device)", ["device", "root"]))
        .withExamples(
          ["A new key for this device", 'guts key add --title "work laptop"'],
          ["An SSH key", "guts key add ~/.ssh/id_ed25519.pub"],
        )
        .runs(open, async () => (await import("../commands/key/add.ts")).addKey),
    )
    .addCommand(
      withRootKey(command("revoke <key>", "Revoke a key, by its id or fingerprint"))
        .option("-y, --yes", "Do not ask for confirmation")
        .runs(open, async () => (await import("../commands/key/revoke.ts")).revokeKey),
    );

const sshKey = (open: OpenContext) =>
  group(
    "ssh-key",
    "List, add and delete SSH keys for git",
    "List, add and delete the SSH keys with which git fetches and pushes. Unlike the keys of `guts key`, they do nothing else.",
  )
    .addCommand(
      command("list", "List your SSH keys")
        .withJson(sshKeyFields)
        .runs(open, async () => (await import("../commands/ssh-key.ts")).listSshKeys),
    )
    .addCommand(
      command(
        "add <file>",
        "Add an SSH key",
        "Add the public key in a file (- for standard input): Ed25519, ECDSA, or RSA of 2048 bits or more. All nodes of the " +
          "network let git in with it, and take each other's word for a push by it.",
      )
        .option("-t, --title <text>", "What the key is for (default: the key's comment)")
        .withExamples(["The key of this device", "guts ssh-key add ~/.ssh/id_ed25519.pub"])
        .runs(open, async () => (await import("../commands/ssh-key.ts")).addSshKey),
    )
    .addCommand(
      command("delete <id>", "Delete an SSH key, by its id")
        .option("-y, --yes", "Do not ask for confirmation")
        .runs(open, async () => (await import("../commands/ssh-key.ts")).deleteSshKey),
    );

const token = (open: OpenContext) =>
  group("token", "List, create, share and revoke access tokens")
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
          "public_repo (write public ones), repo:read (read all), user (your profile), delete_repo, read:org, admin:org, " +
          "admin:public_key (SSH keys), admin:credentials (tokens), and GitHub's others.",
      )
        .option("-s, --scope <scopes>", "Scopes, separated by commas (default: repo)")
        .option("-e, --expires <days>", "Days until it expires (default: 90)")
        .withExamples(["For a build machine that only reads", "guts token create ci --scope repo:read --expires 30"])
        .runs(open, async () => (await import("../commands/token.ts")).createToken),
    )
    .addCommand(
      withRootKey(
        command(
          "share <id> <node...>",
          "Make a token good at more nodes",
          "Make a token good at more nodes, by their names or ids. A token is good at the node that made it; others take " +
            "it only on your own word, so this asks for the recovery code. Each node must be a home node of your account " +
            "(`guts auth recover --host HOST` makes it one) and must have been in the network when the token was made.",
        ),
      )
        .withExamples(["One token for two nodes", "guts token share 3f9c2a node2 --recovery-code-file recovery-code"])
        .runs(open, async () => (await import("../commands/token.ts")).shareToken),
    )
    .addCommand(
      command("revoke <id>", "Revoke a token or session")
        .option("-y, --yes", "Do not ask before the token that guts itself uses is revoked")
        .runs(open, async () => (await import("../commands/token.ts")).revokeToken),
    );
