import type { Output } from "../platform.ts";
import type { Style } from "./style.ts";
import { safeLine } from "./safe-text.ts";

/** One column: its title, and how a cell looks on a terminal. */
export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly style?: (text: string, row: Row) => string;
  /** What a pipe gets where it differs from what a person reads, such as an exact time. */
  readonly exactText?: (row: Row) => string;
  /** Gives way first when the terminal is narrow. */
  readonly isFlexible?: boolean;
}

/**
 * Prints rows: aligned under titles on a terminal, else one line a row with tabs between the fields and no titles,
 * which is what `cut` and `awk` want.
 */
export async function printTable<Row>(
  output: Output,
  style: Style,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  if (!output.isTerminal) {
    for (const row of rows)
      output.write(`${columns.map(({ text, exactText }) => safeLine((exactText ?? text)(row))).join("\t")}\n`);
    return;
  }
  const { default: Table } = await import("cli-table3");
  const cells = rows.map((row) => columns.map((column) => safeLine(column.text(row))));
  const widths = fitWidths(columns, cells, output.columns);
  const table = new Table({
    chars: NO_BORDERS,
    style: { "padding-left": 0, "padding-right": 2, head: [], border: [] },
  });
  table.push(columns.map((column, index) => style.quiet(clip(column.title.toUpperCase(), widths[index]!))));
  rows.forEach((row, rowIndex) => {
    table.push(
      columns.map((column, index) => {
        const text = clip(cells[rowIndex]![index]!, widths[index]!);
        return column.style === undefined ? text : column.style(text, row);
      }),
    );
  });
  output.write(`${table.toString().replace(/[ \t]+$/gm, "")}\n`);
}

const NO_BORDERS = Object.fromEntries(
  (
    "top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right " +
    "right-mid middle"
  )
    .split(" ")
    .map((name) => [name, ""]),
);

/** The width of each column: its widest cell, the flexible ones cut until the row fits. */
function fitWidths<Row>(
  columns: readonly Column<Row>[],
  cells: readonly (readonly string[])[],
  total: number,
): readonly number[] {
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((row) => row[index]!.length)),
  );
  const excess = widths.reduce((sum, width) => sum + width + 2, -2) - total;
  const flexible = columns.findIndex(({ isFlexible }) => isFlexible === true);
  if (excess > 0 && flexible >= 0) widths[flexible] = Math.max(8, widths[flexible]! - excess);
  return widths;
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
