import type { GutsCommand } from "../../tree/guts-command.ts";
import { helpTopics } from "../../tree/topics.ts";

/** A flag as a completion offers it. */
export interface CompletionFlag {
  /** `--public`, `-p`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Whether the next word is its value. */
  readonly takesValue: boolean;
  /** The values that it takes, where they are a closed set. */
  readonly choices: readonly string[];
  /** Whether its value is a file or directory. */
  readonly takesFile: boolean;
}

/** One command of the tree as a completion offers it. */
export interface CompletionNode {
  /** The words after `guts`; empty for `guts` itself. */
  readonly path: readonly string[];
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  readonly flags: readonly CompletionFlag[];
  /** Words that its first argument may be. */
  readonly words: readonly string[];
  readonly takesFile: boolean;
}

/** Every command of the tree, parents before children. */
export function completionNodes(program: GutsCommand): readonly CompletionNode[] {
  const visit = (command: GutsCommand, path: readonly string[]): readonly CompletionNode[] => [
    {
      path,
      subcommands: command.children.map((child) => ({ name: child.name(), description: child.summary() })),
      flags: [...new Set([...command.createHelp().visibleOptions(command), ...program.options])]
        .filter(({ long }) => path.length === 0 || long !== "--version")
        .map((option) => ({
          names: [option.long, option.short].filter((name) => name !== undefined && name !== null),
          description: option.description,
          takesValue: option.required,
          choices: option.argChoices ?? [],
          takesFile: /<(file|directory)>/.test(option.flags),
        })),
      words: wordsOf(command, program),
      takesFile: command.registeredArguments.some((argument) => /^(file|directory|location)$/.test(argument.name())),
    },
    ...command.children.flatMap((child) => visit(child, [...path, child.name()])),
  ];
  return visit(program, []);
}

function wordsOf(command: GutsCommand, program: GutsCommand): readonly string[] {
  if (command.path === "guts completion") return ["bash", "zsh", "fish"];
  if (command.path === "guts help")
    return [...program.children.map((child) => child.name()), ...Object.keys(helpTopics)];
  return [];
}
