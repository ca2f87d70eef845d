import { CheckIcon } from "@primer/octicons-react/CheckIcon";
import { DotFillIcon } from "@primer/octicons-react/DotFillIcon";
import { XIcon } from "@primer/octicons-react/XIcon";
import type { ReactElement } from "react";

/** What checks say of a commit in one word. */
export type CheckState = "success" | "pending" | "failure";

const marks = {
  success: { Icon: CheckIcon, label: "Checks succeeded", className: "check-mark success" },
  pending: { Icon: DotFillIcon, label: "Checks are pending", className: "check-mark pending" },
  failure: { Icon: XIcon, label: "Checks failed", className: "check-mark failure" },
} as const;

/** The mark of a state, with its words for those who do not see it. */
export function CheckMark({ state }: { readonly state: CheckState }): ReactElement {
  const { Icon, label, className } = marks[state];
  return (
    <span className={className} title={label}>
      <Icon aria-label={label} />
    </span>
  );
}
