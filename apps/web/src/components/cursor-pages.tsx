import { ChevronLeftIcon } from "@primer/octicons-react/ChevronLeftIcon";
import { ChevronRightIcon } from "@primer/octicons-react/ChevronRightIcon";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { buttonClass } from "./button.tsx";

interface CursorPagesProps {
  /** The name in the address that says after which item the page goes on. */
  readonly name: string;
  readonly isFirst: boolean;
  /** After which item the next page goes on; undefined when there is none. */
  readonly next: number | undefined;
  /** What the links say: "Newest" and "Older". */
  readonly labels: { readonly first: string; readonly next: string };
}

/** Links through a list that goes on after an item, keeping the rest of the URL; nothing when there is only one page. */
export function CursorPages({ name, isFirst, next, labels }: CursorPagesProps): ReactElement | null {
  if (isFirst && next === undefined) return null;
  const to = (after: number | undefined) => (previous: object) => ({ ...previous, [name]: after });
  return (
    <nav className="pagination" aria-label="Pages">
      {isFirst ? null : (
        <Link to="." search={to(undefined) as never} className={buttonClass()} rel="first">
          <ChevronLeftIcon /> {labels.first}
        </Link>
      )}
      {next === undefined ? null : (
        <Link to="." search={to(next) as never} className={buttonClass()} rel="next">
          {labels.next} <ChevronRightIcon />
        </Link>
      )}
    </nav>
  );
}
