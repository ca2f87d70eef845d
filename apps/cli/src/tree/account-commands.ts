import { choice, command, gather, group, type GutsCommand, type OpenContext } from "./guts-command.ts";
import { gpgKeyFields, keyFields, sshKeyFields, tokenFields } from "./fields.ts";

/** `guts key`, `guts ssh-key`, `guts gpg-key` and `guts token`. */
export function accountCommands(open: OpenContext): readonly GutsCommand[] {
  return [key(open), sshKey(open), gpgKey(open), token(open)];
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
    "List, add and delete the SSH keys with which git fetches and pushes and, with --type signing, those with which it signs " +
      "commits and tags. Unlike the keys of `guts key`, they do nothing else.",
  )
    .addCommand(
      command("list", "List your SSH keys")
        .addOption(sshKeyType())
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
        .addOption(sshKeyType())
        .withExamples(
          ["The key of this device", "guts ssh-key add ~/.ssh/id_ed25519.pub"],
          ["The key that signs your commits", "guts ssh-key add ~/.ssh/id_ed25519.pub --type signing"],
        )
        .runs(open, async () => (await import("../commands/ssh-key.ts")).addSshKey),
    )
    .addCommand(
      command("delete <id>", "Delete an SSH key, by its id")
        .addOption(sshKeyType())
        .option("-y, --yes", "Do not ask for confirmation")
        .runs(open, async () => (await import("../commands/ssh-key.ts")).deleteSshKey),
    );

const sshKeyType = () =>
  choice("--type <type>", "What the key is for (default: authentication)", ["authentication", "signing"]);

const gpgKey = (open: OpenContext) =>
  group("gpg-key", "List, add and delete GPG keys that sign commits and tags")
    .addCommand(
      command("list", "List your GPG keys")
        .withJson(gpgKeyFields)
        .runs(open, async () => (await import("../commands/gpg-key.ts")).listGpgKeys),
    )
    .addCommand(
      command(
        "add <file>",
        "Add a GPG key",
        "Add the armored public key in a file (- for standard input): what `gpg --armor --export` prints. Keys of RSA, ECDSA " +
          "and Ed25519 that signed themselves with SHA-256 or better.",
      )
        .option("-t, --title <text>", "What the key is for (default: its first address)")
        .withExamples(["Your own", "gpg --armor --export ada@example.org | guts gpg-key add -"])
        .runs(open, async () => (await import("../commands/gpg-key.ts")).addGpgKey),
    )
    .addCommand(
      command("delete <key-id>", "Delete a GPG key, by its key id")
        .option("-y, --yes", "Do not ask for confirmation")
        .runs(open, async () => (await import("../commands/gpg-key.ts")).deleteGpgKey),
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
          "admin:public_key (SSH keys), admin:credentials (tokens), and GitHub's others. With --repo, --owner or --permission " +
          "the token is fine-grained: it reaches only those repositories, only as far as its permissions say " +
          "(contents, administration, issues, pull_requests: none, read or write), and nothing of your account.",
      )
        .option("-s, --scope <scopes>", "Scopes, separated by commas (default: repo)")
        .option("-R, --repo <repositories>", "Only these repositories, up to 50 of one owner", gather)
        .option("--owner <handle>", "All repositories of this account or organization (default: yours)")
        .option("-p, --permission <area=level>", "What it may do there, such as contents=write", gather)
        .option("-e, --expires <days>", "Days until it expires (default: 90)")
        .withExamples(
          ["For a build machine that only reads", "guts token create ci --scope repo:read --expires 30"],
          ["To push to one repository", "guts token create bot --repo alice/hello --permission contents=write"],
        )
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
