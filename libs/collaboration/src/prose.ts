/**
 * Markdown without what is quoted in it: code and comments mention nobody and close nothing.
 *
 * Not a Markdown parser: it finds fences, code spans and HTML comments as CommonMark 0.31 delimits them (sections 4.5, 6.1, 6.6)
 * and takes time proportional to the text.
 */

const fenceLine = /^ {0,3}(`{3,}|~{3,})([^\n]*)$/;

/** The text with every character of fenced code, code spans and HTML comments replaced by a space; line breaks stay. */
export function proseOf(markdown: string): string {
  return withoutSpans(withoutFences(markdown));
}

function withoutFences(text: string): string {
  let fence: string | undefined;
  const lines = text.split("\n").map((line) => {
    const [, marks, rest] = fenceLine.exec(line.replace(/\r$/, "")) ?? [];
    if (fence === undefined) {
      // What follows backquotes may hold none, or the line is a code span.
      if (marks === undefined || (marks.startsWith("`") && rest!.includes("`"))) return line;
      fence = marks;
      return blank(line);
    }
    if (marks?.startsWith(fence) === true && rest!.trim() === "") fence = undefined;
    return blank(line);
  });
  return lines.join("\n");
}

/** Code spans and comments, from left to right: whichever begins first hides the other. */
function withoutSpans(text: string): string {
  const runs = backquoteRuns(text);
  const parts: string[] = [];
  let position = 0;
  for (const opening of text.matchAll(/`+|<!--/g)) {
    if (opening.index < position) continue;
    const end =
      opening[0] === "<!--" ? commentEnd(text, opening.index) : spanEnd(runs, opening.index, opening[0].length);
    if (end === undefined) continue;
    parts.push(text.slice(position, opening.index), blank(text.slice(opening.index, end)));
    position = end;
  }
  parts.push(text.slice(position));
  return parts.join("");
}

/** Where runs of each length of backquotes begin, in order. */
function backquoteRuns(text: string): ReadonlyMap<number, { readonly starts: readonly number[]; next: number }> {
  const runs = new Map<number, { starts: number[]; next: number }>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const known = runs.get(run.length) ?? { starts: [], next: 0 };
    known.starts.push(index);
    runs.set(run.length, known);
  }
  return runs;
}

/** Where the code span ends whose opening run stands at `start`; a run without its like is text. */
function spanEnd(runs: ReturnType<typeof backquoteRuns>, start: number, length: number): number | undefined {
  const run = runs.get(length)!;
  while (run.next < run.starts.length && run.starts[run.next]! <= start) run.next++;
  const closing = run.starts[run.next];
  return closing === undefined ? undefined : closing + length;
}

/** A comment that nobody ends hides the rest. */
function commentEnd(text: string, start: number): number {
  const end = text.indexOf("-->", start + 4);
  return end === -1 ? text.length : end + 3;
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}
