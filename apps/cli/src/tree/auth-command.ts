import { browserScopes } from "../commands/auth/browser-scopes.ts";
import { command, group, type GutsCommand, type OpenContext } from "./guts-command.ts";
import { statusFields, tokenFields } from "./fields.ts";

/** `guts auth`: accounts at nodes, and git's use of them. */
export function authCommand(open: OpenContext): GutsCommand {
  return group(
    "auth",
    "Sign up, sign in, recover an account, set up git",
    "Sign up and in at nodes, recover an account, and let git use your token.",
  )
    .addCommand(signup(open))
    .addCommand(login(open))
    .addCommand(recover(open))
    .addCommand(status(open))
    .addCommand(logout(open))
    .addCommand(token(open))
    .addCommand(sessions(open))
    .addCommand(invite(open))
    .addCommand(setupGit(open))
    .addCommand(setupSigning(open));
}

const signup = (open: OpenContext) =>
  command(
    "signup [handle]",
    "Make an account",
    "Make an account. Its root key is made on this device and never leaves it; the recovery code that stands for it is " +
      "shown once. Keep it on paper or in a password manager: it can move the account to another node or give it a new " +
      "password, and nobody can make it again.\n\nA token for this device is stored; the root key is not.",
  )
    .option("--password-stdin", "Read the password from standard input")
    .option("--no-password", "Set no password; tokens still work")
    .option("--recovery-code-file <file>", "Write the recovery code to a new file instead of showing it")
    .option("--key-file <file>", "Also write the root key to a new file, as PKCS#8 PEM")
    .option("--root-key <file>", "Use the root key in this file (recovery code or PEM) instead of a new one")
    .option("--invitation-file <file>", "Read an invitation to the network from a file (- for standard input)")
    .option("--no-setup-git", "Do not offer to let git use the token")
    .withExamples(
      ["Answer questions", "guts auth signup --host forge.example.org"],
      ["Without a terminal", "guts auth signup alice --no-password --recovery-code-file alice.recovery"],
    )
    .runs(open, async () => (await import("../commands/auth/signup.ts")).signUp);

const login = (open: OpenContext) =>
  command(
    "login",
    "Sign in at a node",
    "Sign in at a node with a handle and password, in the browser, or with a token, and store the token for it in " +
      "hosts.json, which only you can read. The node becomes the default one.\n\nWith --web the terminal shows a code, " +
      "which you enter in a browser where you are signed in, on this or another device.\n\nWith --home the node lets you in " +
      "with the consent of a home node of yours where guts is signed in: for repositories, not for tokens and keys.",
  )
    .option("--web", "Confirm in a browser, with a code")
    .option("-s, --scopes <scopes>", `What the token may do, with --web (default: ${browserScopes.join(",")})`)
    .option("--with-token", "Read a token from standard input")
    .option("--home <host>", "Sign in with the consent of this home node of yours")
    .option("--login <handle>", "Sign in as this account, with its password")
    .option("--password-stdin", "Read the password from standard input")
    .withExamples(
      ["Answer questions", "guts auth login --host forge.example.org"],
      ["In the browser", "guts auth login --host forge.example.org --web"],
      ["With a token from a file", "guts auth login --host forge.example.org --with-token < token.txt"],
      ["At a node that is not your home", "guts auth login --host other.example.org --home forge.example.org"],
    )
    .runs(open, async () => (await import("../commands/auth/login.ts")).logIn);

const recover = (open: OpenContext) =>
  command(
    "recover",
    "Take an account over with its recovery code",
    "Prove with the recovery code that an account is yours, let the node act for it, set a new password and store a new " +
      "token. This works at any node of the network, whether or not the former home node is there. The code itself is " +
      "not sent to the node.",
  )
    .option("--login <handle>", "The account's handle")
    .option("--recovery-code-file <file>", "Read the recovery code from a file (- for standard input)")
    .option("--key-file <file>", "Use the root key in this PKCS#8 PEM file instead of the recovery code")
    .option("--password-stdin", "Read the new password from standard input")
    .withExamples(["Answer questions", "guts auth recover --host forge.example.org"])
    .runs(open, async () => (await import("../commands/auth/recover.ts")).recover);

const status = (open: OpenContext) =>
  command(
    "status",
    "Show who is signed in where",
    "Show the account at every node that is known here, and whether its token still works. Ends with 1 when a token is " +
      "not accepted, with 4 when nobody is signed in.",
  )
    .withJson(statusFields)
    .withExamples(["Every node", "guts auth status"], ["In a script", "guts auth status --json=host,login"])
    .runs(open, async () => (await import("../commands/auth/status.ts")).showStatus);

const logout = (open: OpenContext) =>
  command(
    "logout",
    "Sign out at a node",
    "Revoke the stored token at the node and forget it. With --keep-token it is only forgotten here.",
  )
    .option("--keep-token", "Leave the token valid")
    .runs(open, async () => (await import("../commands/auth/logout.ts")).logOut);

const token = (open: OpenContext) =>
  command(
    "token",
    "Print the token that guts uses",
    "Print the token that guts uses at the node, for other programs. Treat it like a password.",
  )
    .withExamples([
      "Call the API with another client",
      'curl -H "Authorization: Bearer $(guts auth token)" http://localhost:3000/api/v3/user',
    ])
    .runs(open, async () => (await import("../commands/auth/token.ts")).printToken);

const invite = (open: OpenContext) =>
  command(
    "invite",
    "Invite somebody to the network",
    "Make an invitation to a network that takes new accounts by invitation only, and print it, once. It is good for one " +
      "account. Administrators of the network alone can; it asks for the recovery code.",
  )
    .option("-e, --expires <days>", "Days until it lapses (default: 7)")
    .option("--recovery-code-file <file>", "Read the recovery code from a file (- for standard input)")
    .option("--key-file <file>", "Use the root key in this PKCS#8 PEM file instead of the recovery code")
    .runs(open, async () => (await import("../commands/auth/invite.ts")).invite);

const sessions = (open: OpenContext) =>
  command(
    "sessions",
    "List where you are signed in",
    "List your sessions: browsers, and programs at nodes that are not your home. With --end one of them is ended, at every node.",
  )
    .option("--end <id>", "End the session with this id, or the beginning of it")
    .withJson(tokenFields)
    .withExamples(["End one", "guts auth sessions --end 3f2a"])
    .runs(open, async () => (await import("../commands/auth/sessions.ts")).showSessions);

const setupGit = (open: OpenContext) =>
  command(
    "setup-git",
    "Let git use the token",
    "Configure guts as git's credential helper, in your global git configuration, for the nodes where you are signed in " +
      "and for no other host.",
  ).runs(open, async () => (await import("../commands/auth/setup-git.ts")).setUpGit);

const setupSigning = (open: OpenContext) =>
  command(
    "setup-signing [file]",
    "Let git sign your pushes",
    "Configure git to sign pushes with an Ed25519 SSH key (default: ~/.ssh/id_ed25519.pub) wherever a node asks for it, and " +
      "register the key under your root key, which asks for the recovery code. Branches whose rule asks for signed pushes " +
      "then take yours, whatever node you push to, and no node can push in your name.",
  )
    .option("--git-only", "Only configure git; the key is registered already")
    .option("--local", "Configure git in this repository instead of for all")
    .option("-y, --yes", "Do not ask before git's present signing key is replaced")
    .option("--recovery-code-file <file>", "Read the recovery code from a file (- for standard input)")
    .option("--key-file <file>", "Use the root key in this PKCS#8 PEM file instead of the recovery code")
    .withExamples(
      ["The key of this device", "guts auth setup-signing"],
      ["Push where a signature is asked for", "git push --signed"],
    )
    .runs(open, async () => (await import("../commands/auth/setup-signing.ts")).setUpSigning);
