import { command, group, type GutsCommand, type OpenContext } from "./guts-command.ts";
import { statusFields } from "./fields.ts";

/** `guts auth`: accounts at nodes, and git's use of them. */
export function authCommand(open: OpenContext): GutsCommand {
  return group(
    "auth",
    "Sign up, sign in, recover an account, set up git",
    "Sign up and in at nodes, recover an account, and let git use your token.",
  )
    .addCommand(login(open))
    .addCommand(status(open))
    .addCommand(logout(open))
    .addCommand(token(open))
    .addCommand(setupGit(open));
}

const login = (open: OpenContext) =>
  command(
    "login",
    "Sign in at a node",
    "Sign in at a node with a handle and password, or with a token, and store the token for it in hosts.json, which only " +
      "you can read. The node becomes the default one.",
  )
    .option("--with-token", "Read a token from standard input")
    .option("--login <handle>", "Sign in as this account, with its password")
    .option("--password-stdin", "Read the password from standard input")
    .withExamples(
      ["Answer questions", "guts auth login --host forge.example.org"],
      ["With a token from a file", "guts auth login --host forge.example.org --with-token < token.txt"],
    )
    .runs(open, async () => (await import("../commands/auth/login.ts")).logIn);

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

const setupGit = (open: OpenContext) =>
  command(
    "setup-git",
    "Let git use the token",
    "Configure guts as git's credential helper, in your global git configuration, for the nodes where you are signed in " +
      "and for no other host.",
  ).runs(open, async () => (await import("../commands/auth/setup-git.ts")).setUpGit);
