import { ChevronLeftIcon } from "@primer/octicons-react/ChevronLeftIcon";
import { ChevronRightIcon } from "@primer/octicons-react/ChevronRightIcon";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { buttonClass } from "./button.tsx";

/** Links to the page before and after, keeping the rest of the URL; nothing when there is only one page. */
export function Pagination({
  page,
  hasMore,
}: {
  readonly page: number;
  readonly hasMore: boolean;
}): ReactElement | null {
  if (page === 1 && !hasMore) return null;
  const to = (target: number) => (previous: object) => ({ ...previous, page: target === 1 ? undefined : target });
  return (
    <nav className="pagination" aria-label="Pages">
      {page > 1 ? (
        <Link to="." search={to(page - 1) as never} className={buttonClass()} rel="prev">
          <ChevronLeftIcon /> Previous
        </Link>
      ) : null}
      {hasMore ? (
        <Link to="." search={to(page + 1) as never} className={buttonClass()} rel="next">
          Next <ChevronRightIcon />
        </Link>
      ) : null}
    </nav>
  );
}
