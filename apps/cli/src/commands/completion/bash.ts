import type { CompletionNode } from "./tree.ts";

/**
 * The bash script: a `case` over the command path that the words before the cursor make, so that nothing is started while
 * the person waits. Works with bash 3.2 and without the bash-completion package.
 */
export function bashCompletion(nodes: readonly CompletionNode[]): string {
  return `# bash completion of guts
__guts_set() {
  # Sets commands, flags, flags with a value, and what else completes, for the command path in $1.
  commands= flags= valued= words= files=
  case $1 in
${nodes.map(nodeCase).join("\n")}
  esac
}

__guts_values() {
  # Sets the values of flag $2 of command path $1, or files=1 where its value is a file.
  words= files=
  case "$1 $2" in
${nodes.flatMap(valueCases).join("\n")}
  esac
}

__guts() {
  local current=\${COMP_WORDS[COMP_CWORD]} path=guts word previous= index commands flags valued words files
  COMPREPLY=()
  __guts_set "$path"
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ -n $previous ]]; then previous=; continue; fi
    if [[ " $valued " == *" $word "* ]]; then previous=$word; continue; fi
    if [[ " $commands " == *" $word "* ]]; then path="$path $word"; __guts_set "$path"; fi
  done
  if [[ -n $previous ]]; then
    __guts_values "$path" "$previous"
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    [[ -z $files ]] || COMPREPLY=($(compgen -f -- "$current"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$commands $words" -- "$current"))
    [[ -z $files ]] || COMPREPLY+=($(compgen -f -- "$current"))
  fi
}

complete -o filenames -F __guts guts
`;
}

function nodeCase({ path, subcommands, flags, words, takesFile }: CompletionNode): string {
  const names = flags.flatMap((flag) => flag.names);
  const valued = flags.filter((flag) => flag.takesValue).flatMap((flag) => flag.names);
  const settings = [
    `commands="${subcommands.map(({ name }) => name).join(" ")}"`,
    `flags="${names.join(" ")}"`,
    `valued="${valued.join(" ")}"`,
    ...(words.length === 0 ? [] : [`words="${words.join(" ")}"`]),
    ...(takesFile ? ["files=1"] : []),
  ];
  return `    "${["guts", ...path].join(" ")}") ${settings.join(" ")} ;;`;
}

function valueCases({ path, flags }: CompletionNode): readonly string[] {
  return flags.flatMap((flag) => {
    if (flag.choices.length === 0 && !flag.takesFile) return [];
    const patterns = flag.names.map((name) => `"${["guts", ...path, name].join(" ")}"`).join(" | ");
    return [`    ${patterns}) ${flag.takesFile ? "files=1" : `words="${flag.choices.join(" ")}"`} ;;`];
  });
}
