import { GlobeIcon } from "@primer/octicons-react/GlobeIcon";
import { LockIcon } from "@primer/octicons-react/LockIcon";
import { OrganizationIcon } from "@primer/octicons-react/OrganizationIcon";
import type { RepositoryGrantsView } from "@guts/api";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { formatCount } from "../text/quantity.ts";
import { roleName } from "./roles.ts";
import { useRepository } from "./use-repository.ts";

/** What people may do here whom nobody named: everybody, and the organization's members. */
export function BaseAccess({ grants }: { readonly grants: RepositoryGrantsView | undefined }): ReactElement {
  const { repository } = useRepository();
  const organization = grants?.organization ?? null;
  return (
    <ul className="box" aria-label="Access without an invitation">
      <li className="box-row row">
        {repository.isPrivate ? <LockIcon className="muted" /> : <GlobeIcon className="muted" />}
        <p>
          {repository.isPrivate
            ? "Private: only who has access below can find it."
            : "Public: anyone can read and clone it."}
        </p>
      </li>
      {organization === null ? null : <OrganizationRow organization={organization} />}
    </ul>
  );
}

type Organization = NonNullable<RepositoryGrantsView["organization"]>;

function OrganizationRow({ organization }: { readonly organization: Organization }): ReactElement {
  const { handle, ownerCount, memberCount, basePermission } = organization;
  return (
    <li className="box-row row">
      <OrganizationIcon className="muted" />
      <p>
        <Link to="/orgs/$org/people" params={{ org: handle }} search={{ role: "owner" }}>
          {formatCount(ownerCount, "owner")}
        </Link>{" "}
        of {handle} {ownerCount === 1 ? "has" : "have"} <strong>Admin</strong>. Its {formatCount(memberCount, "member")}{" "}
        {memberCount === 1 ? "has" : "have"}{" "}
        {basePermission === "none" ? (
          "nothing by that alone"
        ) : (
          <>
            at least <strong>{roleName(basePermission)}</strong>
          </>
        )}
        , the base permission.
      </p>
    </li>
  );
}
