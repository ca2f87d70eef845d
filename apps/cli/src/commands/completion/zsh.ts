import type { CompletionFlag, CompletionNode } from "./tree.ts";

/** The zsh script: one function a command, made of `_arguments` and, for groups, `_describe`. */
export function zshCompletion(nodes: readonly CompletionNode[]): string {
  return `#compdef guts

${nodes.map(functionOf).join("\n\n")}

if [ "$funcstack[1]" = "_guts" ]; then
  _guts "$@"
else
  compdef _guts guts
fi
`;
}

function functionOf(node: CompletionNode): string {
  const name = functionName(node.path);
  const flags = node.flags.map(argumentOf);
  if (node.subcommands.length === 0)
    return `${name}() {\n  _arguments -s \\\n${[...flags, ...positional(node)].map((line) => `    ${line}`).join(" \\\n")}\n}`;
  const described = node.subcommands.map(({ name: child, description }) => quoted(`${colon(child)}:${description}`));
  const children = node.subcommands.map(
    ({ name: child }) => `        ${child}) ${functionName([...node.path, child])} ;;`,
  );
  return `${name}() {
  local -a commands=(
${described.map((line) => `    ${line}`).join("\n")}
  )
  local context state line
  typeset -A opt_args
  _arguments -C \\
${flags.map((line) => `    ${line} \\`).join("\n")}
    '1: :->command' '*:: :->rest'
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $line[1] in
${children.join("\n")}
      esac ;;
  esac
}`;
}

function functionName(path: readonly string[]): string {
  return ["_guts", ...path].join("_").replaceAll("-", "_");
}

/** `'(-p --permission)'{-p,--permission}'[what]:value:(a b)'`, as `_arguments` reads it. */
function argumentOf({ names, description, takesValue, choices, takesFile }: CompletionFlag): string {
  const action = takesFile ? "_files" : choices.length > 0 ? `(${choices.join(" ")})` : " ";
  const rest = quoted(`[${description.replaceAll("]", "\\]")}]${takesValue ? `:value:${action}` : ""}`);
  return names.length === 1
    ? `${quoted(names[0]!)}${rest}`
    : `${quoted(`(${names.join(" ")})`)}{${names.join(",")}}${rest}`;
}

function positional({ words, takesFile }: CompletionNode): readonly string[] {
  if (words.length > 0) return [quoted(`1: :(${words.join(" ")})`)];
  return takesFile ? ["'*:file:_files'"] : [];
}

function colon(text: string): string {
  return text.replaceAll(":", "\\:");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
