import type { GutsCommand } from "./guts-command.ts";

const INDENT = "  ";

/** The help of one command: what it is, usage, commands by heading, flags, JSON fields, examples, where to learn more. */
export function formatHelp(command: GutsCommand): string {
  const sections = [
    wrap(command.description()),
    section("USAGE", [usageOf(command)]),
    ...commandSections(command),
    section("FLAGS", optionLines(command)),
    section("INHERITED FLAGS", inheritedLines(command)),
    section("JSON FIELDS", command.jsonFields.length === 0 ? [] : wrap(command.jsonFields.join(", ")).split("\n")),
    section("EXAMPLES", exampleLines(command)),
    section("LEARN MORE", learnMore(command)),
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${title}\n${lines.map((line) => (line === "" ? "" : INDENT + line)).join("\n")}`;
}

function usageOf(command: GutsCommand): string {
  const args = command.registeredArguments.map((argument) => {
    const text = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${text}>` : `[${text}]`;
  });
  const subcommand = command.children.length > 0 ? ["<command>"] : [];
  return [command.path, ...subcommand, ...args, "[flags]"].join(" ");
}

/** The subcommands under their headings, in the order in which the headings first come. */
function commandSections(command: GutsCommand): readonly string[] {
  const byHeading = Map.groupBy(command.children, (child) => child.listHeading ?? "AVAILABLE COMMANDS");
  const width = Math.max(0, ...command.children.map((child) => child.name().length + 1));
  return [...byHeading].map(([heading, children]) =>
    section(
      heading,
      children.map((child) => `${`${child.name()}:`.padEnd(width + 1)} ${child.summary()}`),
    ),
  );
}

function optionLines(command: GutsCommand): string[] {
  return alignedOptions(command.createHelp().visibleOptions(command));
}

function inheritedLines(command: GutsCommand): string[] {
  if (command.parent === null) return [];
  const own = command.options.map(({ long }) => long);
  const inherited = command.createHelp().visibleGlobalOptions(command);
  const root = ancestorOf(command);
  return alignedOptions(
    [...inherited, ...root.options].filter(
      (option, index, all) =>
        all.indexOf(option) === index && !own.includes(option.long) && option.long !== "--version",
    ),
  );
}

function ancestorOf(command: GutsCommand): GutsCommand {
  return command.parent === null ? command : ancestorOf(command.parent as GutsCommand);
}

function alignedOptions(
  options: readonly { flags: string; description: string; argChoices?: readonly string[] | undefined }[],
): string[] {
  const flags = options.map((option) => (option.flags.startsWith("--") ? `    ${option.flags}` : option.flags));
  const width = Math.max(0, ...flags.map((text) => text.length));
  return options.map((option, index) => {
    const choices = option.argChoices === undefined ? "" : `: {${option.argChoices.join("|")}}`;
    return `${flags[index]!.padEnd(width)}   ${option.description}${choices}`;
  });
}

function exampleLines(command: GutsCommand): string[] {
  return command.examples.flatMap(({ does, run }, index) => [
    ...(index === 0 ? [] : [""]),
    `# ${does}`,
    ...run.split("\n").map((line) => `$ ${line}`),
  ]);
}

function learnMore(command: GutsCommand): string[] {
  const lines =
    command.children.length > 0 ? [`Use \`${command.path} <command> --help\` for more about a command.`] : [];
  if (command.parent === null)
    lines.push("Use `guts help environment`, `guts help exit-codes` or `guts help formatting` for those topics.");
  return lines;
}

/** Breaks paragraphs at {@link WIDTH}; lines that begin with a space stay as they are. */
export function wrap(text: string): string {
  return text
    .split("\n")
    .map((line) => (line.startsWith(" ") ? line : wrapLine(line)))
    .join("\n");
}

const WIDTH = 88;

function wrapLine(line: string): string {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...lines, current].join("\n");
}
