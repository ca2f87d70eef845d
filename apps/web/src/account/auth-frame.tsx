import type { ReactElement, ReactNode } from "react";

import { Logo } from "../components/logo.tsx";
import { classNames } from "../components/class-names.ts";

interface AuthFrameProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** The narrow column that signing up, in and recovering share. */
export function AuthFrame({ title, lead, wide, children }: AuthFrameProps): ReactElement {
  return (
    <div className={classNames("page form-page", wide && "wider")}>
      <title>{`${title} · Guts`}</title>
      <div className="auth-heading">
        <Logo size={44} />
        <h1>{title}</h1>
        {lead === undefined ? null : <p>{lead}</p>}
      </div>
      {children}
    </div>
  );
}
