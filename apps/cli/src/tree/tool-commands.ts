import { command, group, type GutsCommand, type OpenContext } from "./guts-command.ts";

/** `guts api`, `guts credential` and `guts completion`. */
export function toolCommands(open: OpenContext, program: GutsCommand): readonly GutsCommand[] {
  return [api(open), completion(open, program), credential(open)];
}

const append = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];

const api = (open: OpenContext) =>
  command(
    "api <path>",
    "Make an authenticated API request",
    "Make an authenticated request and print the answer. A path such as repos/{owner}/{repo} is GitHub's API, below " +
      "/api/v3; one that begins with /api/ is taken as it is, which reaches what only Guts has, such as /api/guts/network. " +
      "{owner} and {repo} stand for the repository of the current directory.\n\nThe method is GET, or POST when fields " +
      "are given. Fields go into the query of a GET and into a JSON body otherwise. The exit code is 1 when the node " +
      "answers with an error, which is printed like any answer, and 4 for 401.",
  )
    .option("-X, --method <method>", "HTTP method")
    .option("-f, --raw-field <key=value>", "Add a text field", append)
    .option("-F, --field <key=value>", "Add a field; true, false, null and integers are typed, @file is read", append)
    .option("-H, --header <name:value>", "Add a header", append)
    .option("--input <file>", "Send a file as the body (- for standard input)")
    .option("--paginate", "Follow pages to the last and print all of them as one")
    .option("-i, --include", "Print the status and headers, too")
    .option("--silent", "Do not print the answer")
    .withExamples(
      ["Who am I", "guts api user"],
      ["All branches", "guts api repos/{owner}/{repo}/branches --paginate"],
      ["Change something", "guts api -X PATCH repos/{owner}/{repo} -f description='New words'"],
      ["The ledger's newest blocks", "guts api /api/guts/blocks"],
    )
    .runs(open, async () => (await import("../commands/api/api.ts")).callApi);

const completion = (open: OpenContext, program: GutsCommand) =>
  command(
    "completion <shell>",
    "Print a completion script for your shell",
    "Print a script that completes commands, flags and their values.\n\n" +
      '  bash: add `eval "$(guts completion bash)"` to ~/.bashrc\n' +
      '  zsh:  run `guts completion zsh > "${fpath[1]}/_guts"`\n' +
      "  fish: run `guts completion fish > ~/.config/fish/completions/guts.fish`",
  ).runs(open, async () => {
    const { printCompletion } = await import("../commands/completion/completion.ts");
    return async (context, [shell]) => printCompletion(context, program, shell!);
  });

const credential = (open: OpenContext) =>
  group(
    "credential",
    "Answer git's questions for a password",
    "The credential helper that `guts auth setup-git` configures. git runs it; you need not. It answers for the nodes " +
      "where you are signed in and stays silent for every other host.",
  )
    .addCommand(
      command("get", "Answer with the login and token for a host").runs(
        open,
        async () => (await import("../commands/credential.ts")).getCredential,
      ),
    )
    .addCommand(
      command(
        "store",
        "Accept a credential that worked",
        "Accept a credential that worked. guts keeps only what `guts auth` stores, so this does nothing.",
      ).runs(open, async () => (await import("../commands/credential.ts")).storeCredential),
    )
    .addCommand(
      command(
        "erase",
        "Hear of a credential that did not work",
        "Hear of a credential that did not work. When it is the stored token, this says how to sign in again.",
      ).runs(open, async () => (await import("../commands/credential.ts")).eraseCredential),
    );
