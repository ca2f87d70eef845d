/** Pages of `guts help TOPIC` that belong to no command. */
export const helpTopics: Readonly<Record<string, { readonly summary: string; readonly text: string }>> = {
  environment: {
    summary: "Environment variables that guts reads",
    text: `GUTS_HOST: the node to talk to, as host, host:port or URL. A --host flag wins over it.

GUTS_TOKEN: the token to use at that node instead of the stored one. It is sent to the
node that GUTS_HOST names or, without GUTS_HOST, to the default node, and to no other.

GUTS_CONFIG_DIR: the directory of hosts.json and keys. Otherwise it is $XDG_CONFIG_HOME/guts,
or ~/.config/guts.

NO_COLOR: any value turns colour off. CLICOLOR_FORCE: a value other than 0 turns it on
where the output is no terminal. CLICOLOR=0 turns it off on a terminal.

BROWSER: the program that opens web pages.

GUTS_DEBUG: any value prints where an unexpected failure came from.
`,
  },
  "exit-codes": {
    summary: "Exit codes that scripts can rely on",
    text: `0: the command did what it was asked.
1: it failed. One or two lines on standard error say why and what to do next.
2: the command line is wrong: an unknown command or flag, or a value that cannot be.
4: authentication is needed: no token for the node, or one that it does not accept.
130: the person interrupted the command, or cancelled at a prompt.

Commands that hand over to git (clone, a push after create) end with git's exit code
when git fails.
`,
  },
  consistency: {
    summary: "How a command at another node sees what you have just written",
    text: `Every node of a network serves every repository, and an answer to a write waits a moment until
the other nodes have it too. To be certain, guts remembers the greatest height of each network
that it has seen, for ten minutes, in the folder "seen" beside hosts.json. It sends it along as
the header X-Guts-Min-Height, and a node that is not there yet waits before it answers.

A node that cannot catch up answers 503; ask another one with --host, or try again. Scripts
with other clients do the same: X-Guts-Height of an answer to a write names its height. The
folder may be deleted at any time.
`,
  },
  formatting: {
    summary: "How output looks on a terminal, in a pipe and as JSON",
    text: `On a terminal, lists are tables with titles and times are relative.

In a pipe, a list is one line an item with tabs between the fields, without titles or
colour, and times are exact (ISO 8601). So cut and awk can read it.

With --json, the output is a JSON object, or an array of them. --json alone gives every
field; --json=name,url gives those. A command's help lists its fields under JSON FIELDS.
Put --json last, or join it with its fields by =, so that it takes no other argument.

Answers go to standard output; questions, progress and errors to standard error.
`,
  },
};
