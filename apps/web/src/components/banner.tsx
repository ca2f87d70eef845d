import { AlertIcon } from "@primer/octicons-react/AlertIcon";
import { CheckCircleIcon } from "@primer/octicons-react/CheckCircleIcon";
import { InfoIcon } from "@primer/octicons-react/InfoIcon";
import type { ReactElement, ReactNode } from "react";

import { explainFailure } from "../api/explain.ts";
import { classNames } from "./class-names.ts";

const icons = { plain: InfoIcon, accent: InfoIcon, attention: AlertIcon, danger: AlertIcon, success: CheckCircleIcon };

interface BannerProps {
  readonly tone?: keyof typeof icons;
  readonly children: ReactNode;
}

/** A message in the flow of a page. */
export function Banner({ tone = "plain", children }: BannerProps): ReactElement {
  const Icon = icons[tone];
  return (
    <div className={classNames("banner", tone)} role={tone === "danger" ? "alert" : undefined}>
      <Icon />
      <div className="grow">{children}</div>
    </div>
  );
}

/** Why the last action failed; nothing when it did not. */
export function FailureBanner({ error }: { readonly error: unknown }): ReactElement | null {
  return error === null || error === undefined ? null : <Banner tone="danger">{explainFailure(error)}</Banner>;
}
