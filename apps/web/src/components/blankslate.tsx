import type { Icon } from "@primer/octicons-react";
import type { ReactElement, ReactNode } from "react";

interface BlankslateProps {
  readonly icon: Icon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** What a list says when it has nothing to show, and what to do about it. */
export function Blankslate({ icon: IconElement, title, children, actions }: BlankslateProps): ReactElement {
  return (
    <div className="blankslate">
      <IconElement size={24} />
      <h2>{title}</h2>
      {children === undefined ? null : <p>{children}</p>}
      {actions === undefined ? null : <div className="form-actions">{actions}</div>}
    </div>
  );
}
