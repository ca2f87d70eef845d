import { useNavigate, useRouterState } from "@tanstack/react-router";
import { memo, useEffect, useRef, type MouseEvent, type ReactElement } from "react";

import { extendLineRange, formatLineRange, isInRange, parseLineRange } from "../paths/line-range.ts";

interface CodeLinesProps {
  /** HTML of each line, escaped and highlighted by the node. */
  readonly lines: readonly string[];
  readonly label: string;
}

/**
 * A file's lines. A click on a number puts the line into the address, shift-click makes it a range. The rows are
 * written as one piece of HTML, since tens of thousands of elements are more than React should keep track of.
 */
export function CodeLines({ lines, label }: CodeLinesProps): ReactElement {
  const table = useRef<HTMLTableElement>(null);
  const navigate = useNavigate();
  const range = parseLineRange(useRouterState({ select: (state) => state.location.hash }));
  const first = range?.first;
  const last = range?.last;
  useEffect(() => {
    if (first === undefined || last === undefined) return undefined;
    const rows = Array.from(table.current?.rows ?? []).filter((_, index) => isInRange({ first, last }, index + 1));
    for (const row of rows) row.classList.add("chosen");
    return () => rows.forEach((row) => row.classList.remove("chosen"));
  }, [first, last, lines]);
  const arrival = useRef(first);
  useEffect(() => {
    if (arrival.current !== undefined) table.current?.rows[arrival.current - 1]?.scrollIntoView({ block: "center" });
  }, [lines]);
  const onClick = (event: MouseEvent): void => {
    const line = Number(event.target instanceof HTMLElement ? event.target.dataset["line"] : undefined);
    if (!Number.isSafeInteger(line) || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const hash = formatLineRange(extendLineRange(range, line, event.shiftKey));
    void navigate({ to: ".", search: true, hash, replace: true, resetScroll: false, hashScrollIntoView: false });
  };
  return (
    <div className="code-scroll" tabIndex={0} role="region" aria-label={label}>
      <table ref={table} className="code-lines" onClick={onClick}>
        <Rows lines={lines} />
      </table>
    </div>
  );
}

const Rows = memo(({ lines }: { readonly lines: readonly string[] }): ReactElement => {
  const html = lines.map((line, index) => rowHtml(index + 1, line)).join("");
  // oxlint-disable-next-line react/no-danger -- the node escapes every line, the numbers are ours
  return <tbody dangerouslySetInnerHTML={{ __html: html }} />;
});
Rows.displayName = "Rows";

function rowHtml(number: number, html: string): string {
  const text = html === "" ? "\n" : html;
  return `<tr id="L${number}"><td class="number"><a href="#L${number}" data-line="${number}">${number}</a></td><td class="text">${text}</td></tr>`;
}
