import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import type { AdministeredAccount } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { accountsQuery } from "../api/administration-queries.ts";
import { AccountLabels } from "../administration/account-labels.tsx";
import { Avatar } from "../components/avatar.tsx";
import { FailureBanner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { CursorPages } from "../components/cursor-pages.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";

export const adminAccountsRoute = createLazyRoute("/admin/accounts")({ component: AdminAccountsPage });

const route = getRouteApi("/admin/accounts");

/** Every account of the network, people and organizations. */
function AdminAccountsPage(): ReactElement {
  const search = route.useSearch();
  const { data, error } = useQuery(accountsQuery(search));
  return (
    <div className="stack">
      <title>Accounts · Site admin · Guts</title>
      <h1>Accounts</h1>
      <FilterForm label="Find a handle by its beginning" query={search.query ?? ""}>
        <SuspendedSelect isSuspended={search.suspended === true} />
      </FilterForm>
      <FailureBanner error={error} />
      {data === undefined ? (
        error === null ? (
          <SkeletonRows />
        ) : null
      ) : (
        <ul className="box" aria-label="Accounts">
          {data.accounts.map((account) => (
            <AccountRow key={account.id} account={account} />
          ))}
          {data.accounts.length === 0 ? (
            <li>
              <Blankslate icon={PeopleIcon} title="No account is so">
                Handles are found by how they begin.
              </Blankslate>
            </li>
          ) : null}
        </ul>
      )}
      <CursorPages
        name="since"
        isFirst={search.since === undefined}
        next={data?.hasMore === true ? data.accounts.at(-1)?.id : undefined}
        labels={{ first: "First", next: "Next" }}
      />
    </div>
  );
}

function AccountRow({ account }: { readonly account: AdministeredAccount }): ReactElement {
  const { handle, name, isOrganization, createdAt } = account;
  return (
    <li className="box-row key-row">
      <Avatar handle={handle} size={32} square={isOrganization} />
      <div className="grow">
        <div className="row wrap">
          <Link to="/admin/accounts/$handle" params={{ handle }}>
            <strong>{handle}</strong>
          </Link>
          {name === null ? null : <span className="muted">{name}</span>}
          <AccountLabels account={account} />
        </div>
        <div className="meta">
          <span>
            Since <RelativeTime time={createdAt} />
          </span>
          <span>Account {account.id}</span>
        </div>
      </div>
    </li>
  );
}

function SuspendedSelect({ isSuspended }: { readonly isSuspended: boolean }): ReactElement {
  const navigate = useNavigate();
  return (
    <select
      className="select compact"
      aria-label="Show accounts"
      value={isSuspended ? "suspended" : "all"}
      onChange={(event) => {
        const suspended = event.target.value === "suspended" ? true : undefined;
        const search = (previous: object) => ({ ...previous, since: undefined, suspended });
        void navigate({ to: ".", search: search as never });
      }}
    >
      <option value="all">All accounts</option>
      <option value="suspended">Suspended</option>
    </select>
  );
}
