import type { CompletionFlag, CompletionNode } from "./tree.ts";

/** The fish script: one `complete` a subcommand and flag, each under the condition that its command is being typed. */
export function fishCompletion(nodes: readonly CompletionNode[]): string {
  return `# fish completion of guts
function __guts_at
  # Whether the words typed so far, without flags, name exactly the command path in $argv; words after it are arguments.
  set -l typed
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; or set -a typed $word
  end
  set -l wanted (count $argv)
  test (count $typed) -ge $wanted; or return 1
  test $wanted -eq 0; or test "$typed[1..$wanted]" = "$argv"
end

function __guts_choosing
  # Like __guts_at, while its subcommand is still to be typed.
  __guts_at $argv; or return 1
  set -l typed
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; or set -a typed $word
  end
  test (count $typed) -eq (count $argv)
end

complete -c guts -f
${nodes.flatMap(linesOf).join("\n")}
`;
}

function linesOf(node: CompletionNode): readonly string[] {
  const path = node.path.join(" ");
  const choosing = condition(`__guts_choosing ${path}`);
  return [
    ...node.subcommands.map(({ name, description }) => `${choosing} -a ${quoted(name)} -d ${quoted(description)}`),
    ...(node.words.length === 0 ? [] : [`${choosing} -a ${quoted(node.words.join(" "))}`]),
    ...(node.takesFile ? [`${condition(`__guts_at ${path}`)} -F`] : []),
    ...node.flags.map((flag) => `${condition(`__guts_at ${path}`)} ${flagOf(flag)}`),
  ];
}

function condition(test: string): string {
  return `complete -c guts -n ${quoted(test.trim())}`;
}

function flagOf({ names, description, takesValue, choices, takesFile }: CompletionFlag): string {
  const spelled = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = !takesValue
    ? []
    : takesFile
      ? ["-r -F"]
      : ["-x", ...(choices.length > 0 ? [`-a ${quoted(choices.join(" "))}`] : [])];
  return [...spelled, ...value, `-d ${quoted(description)}`].join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
