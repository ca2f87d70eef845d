import type { ReactElement } from "react";

import { Skeleton, SkeletonRows } from "../components/skeleton.tsx";

/** What a page looks like while its data is on the way. */
export function PagePending(): ReactElement {
  return (
    <div className="page stack">
      <Skeleton width="title" />
      <SkeletonRows />
    </div>
  );
}
