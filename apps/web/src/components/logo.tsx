import type { ReactElement } from "react";

/** The mark of Guts: one unbroken line that turns inward and ends at a spark, a commit that holds. */
export function Logo({ size = 28 }: { readonly size?: number }): ReactElement {
  return (
    <svg className="brand-mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect className="plate" width="32" height="32" rx="8" />
      <path className="line" d="M22.6 10.4A8.6 8.6 0 1 0 24.6 16H19" />
      <circle className="spark" cx="16" cy="16" r="2.9" />
    </svg>
  );
}
