/** What ends the lines of a text; a text area knows line feeds alone. */
export interface LineEnds {
  readonly end: "\n" | "\r\n";
  /** The text has both, and whoever saves it makes them one. */
  readonly isMixed: boolean;
}

/** The line end that most lines have. */
export function lineEndsOf(text: string): LineEnds {
  const all = text.split("\n").length - 1;
  const windows = text.split("\r\n").length - 1;
  return { end: windows > all - windows ? "\r\n" : "\n", isMixed: windows > 0 && windows < all };
}

/** The text as a text area holds it. */
export function withLineFeeds(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

/** A text area's text with the line ends that the file had. */
export function withLineEnds(text: string, { end }: LineEnds): string {
  return end === "\n" ? text : text.replaceAll("\n", end);
}
