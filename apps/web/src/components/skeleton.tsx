import type { ReactElement } from "react";

import { classNames } from "./class-names.ts";

interface SkeletonProps {
  readonly width?: "w-2" | "w-4" | "w-8" | "w-12" | "w-20" | "title";
}

/** A grey bar in the place of text that is on its way. */
export function Skeleton({ width = "w-8" }: SkeletonProps): ReactElement {
  return <span className={classNames("skeleton", width)} aria-hidden="true" />;
}

/** The shape of a list that is on its way. */
export function SkeletonRows({ count = 6 }: { readonly count?: number }): ReactElement {
  return (
    <div className="box" role="status" aria-label="Loading">
      {Array.from({ length: count }, (_, index) => (
        <div className="box-row row apart" key={index}>
          <Skeleton width={index % 2 === 0 ? "w-12" : "w-8"} />
          <Skeleton width="w-4" />
        </div>
      ))}
    </div>
  );
}
