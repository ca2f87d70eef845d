import type { AdministeredAccount } from "@guts/api";
import type { ReactElement } from "react";

/** What sets an account apart from others, as labels. */
export function AccountLabels({ account }: { readonly account: AdministeredAccount }): ReactElement {
  const { isOrganization, isAdministrator, isUsual, suspension } = account;
  return (
    <>
      {isOrganization ? <span className="label">organization</span> : null}
      {isAdministrator ? <span className="label accent">administrator</span> : null}
      {suspension === null ? null : <span className="label attention">suspended</span>}
      {isUsual ? null : <span className="label">own budget</span>}
    </>
  );
}
