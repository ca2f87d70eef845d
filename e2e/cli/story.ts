/**
 * Stories: Markdown that shows the command in use and is run as a test.
 *
 * A fenced block whose info string is `console`, with an optional person after it (`console bert`), holds steps. A step is
 * a line `$ command`, which lines `> more` continue; then, where it does not end with 0, a line `? exit code`; then the
 * lines that the command prints on standard output and error. In them `[..]` stands for anything within a line and a line
 * `...` for any number of lines. Everything outside of such blocks is for people.
 */
export interface Step {
  /** Line of the file that the command is on, from 1. */
  readonly line: number;
  /** Who types it. */
  readonly person: string;
  readonly command: string;
  readonly exitCode: number;
  readonly expected: readonly string[];
}

/** Who types where no person is named. */
export const defaultPerson = "ada";

/** The steps of a story in order. */
export function parseStory(markdown: string): readonly Step[] {
  const steps: Step[] = [];
  let person: string | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    const opening = /^```console(?: +(\w+))?$/.exec(line);
    if (opening !== null) person = opening[1] ?? defaultPerson;
    else if (line.startsWith("```")) person = undefined;
    else if (person !== undefined) addLine(steps, line, { number: index + 1, person });
  }
  return steps.map((step) => ({ ...step, expected: withoutTrailingBlanks(step.expected) }));
}

function addLine(steps: Step[], line: string, { number, person }: { number: number; person: string }): void {
  const last = steps.at(-1);
  if (line.startsWith("$ ")) steps.push({ line: number, person, command: line.slice(2), exitCode: 0, expected: [] });
  else if (last === undefined) return;
  else if (line.startsWith("> ") && last.expected.length === 0)
    steps[steps.length - 1] = { ...last, command: `${last.command}\n${line.slice(2)}` };
  else if (/^\? \d+$/.test(line) && last.expected.length === 0)
    steps[steps.length - 1] = { ...last, exitCode: Number(line.slice(2)) };
  else steps[steps.length - 1] = { ...last, expected: [...last.expected, line] };
}

/** Whether `actual` is what the lines describe. */
export function matchesOutput(expected: readonly string[], actual: readonly string[]): boolean {
  const [line, ...rest] = expected;
  if (line === undefined) return actual.length === 0;
  if (line === "...")
    return Array.from({ length: actual.length + 1 }, (_, skipped) => actual.slice(skipped)).some((tail) =>
      matchesOutput(rest, tail),
    );
  const [first, ...tail] = actual;
  return first !== undefined && lineMatches(line, first) && matchesOutput(rest, tail);
}

function lineMatches(pattern: string, line: string): boolean {
  const parts = pattern.split("[..]");
  const [head, ...others] = parts;
  if (others.length === 0) return pattern === line;
  if (!line.startsWith(head!)) return false;
  let from = head!.length;
  const last = others.pop()!;
  for (const part of others) {
    const found = line.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return line.length - last.length >= from && line.endsWith(last);
}

/** Lines of text without the empty ones at its end and the blanks at the end of each. */
export function linesOf(text: string): readonly string[] {
  return withoutTrailingBlanks(text.split("\n").map((line) => line.trimEnd()));
}

function withoutTrailingBlanks(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex((line) => line !== "");
  return lines.slice(0, end + 1);
}
