import { CliError, usageError } from "../cli-error.ts";
import { command, group, type GutsCommand } from "./guts-command.ts";
import { nearest } from "./nearest.ts";
import { helpTopics } from "./topics.ts";

/** `guts help [command or topic]`. */
export function helpCommand(program: GutsCommand): GutsCommand {
  const help = command("help [command...]", "Show help for a command, or about environment, exit-codes or formatting");
  return help.action((words: readonly string[]) => {
    const topic = words.length === 1 ? helpTopics[words[0]!] : undefined;
    if (topic !== undefined) program.configureOutput().writeOut!(`${topic.summary}\n\n${topic.text}`);
    else findCommand(program, words).outputHelp();
  });
}

function findCommand(program: GutsCommand, words: readonly string[]): GutsCommand {
  let found = program;
  for (const word of words) {
    const child = found.children.find((candidate) => candidate.name() === word || candidate.aliases().includes(word));
    if (child === undefined) {
      const names = [...found.children.map((candidate) => candidate.name()), ...Object.keys(helpTopics)];
      const similar = nearest(word, names);
      throw usageError(
        `no help for "${words.join(" ")}"`,
        similar === undefined ? "Run `guts help` for the list." : `Did you mean "${similar}"?`,
      );
    }
    found = child;
  }
  return found;
}

const OPERATOR_COMMANDS = {
  node: "Set up, run and look after a node",
  devnet: "Run a local network to try things out",
} as const;

/** The commands of operators. The `guts` launcher of a Guts installation serves them; here they only say so. */
export function operatorCommands(): readonly GutsCommand[] {
  return Object.entries(OPERATOR_COMMANDS).map(([name, summary]) => elsewhere(name, summary));
}

/** A command that the launcher of an installation serves; `path` is all of its words. */
export function elsewhere(path: string, summary: string): GutsCommand {
  const made = group(path.split(" ").at(-1)!, summary);
  made.isElsewhere = true;
  return made.helpOption(false).action(() => {
    throw new CliError("usage", `\`guts ${path}\` is part of a Guts installation, not of this client alone`, {
      hint: `Run \`./guts ${path} --help\` in a checkout or installation of Guts.`,
    });
  });
}
