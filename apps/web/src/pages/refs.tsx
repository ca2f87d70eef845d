import { GitBranchIcon } from "@primer/octicons-react/GitBranchIcon";
import { TagIcon } from "@primer/octicons-react/TagIcon";
import type { RefEntry } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { refsQuery } from "../api/queries.ts";
import { Blankslate } from "../components/blankslate.tsx";
import { CopyButton } from "../components/button.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { Pagination } from "../components/pagination.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { CommitLink, LocationLink } from "../repository/links.tsx";
import { PersonName } from "../repository/person.tsx";
import { RefProtectionButton } from "../repository/ref-protection.tsx";
import { RenameBranchButton } from "../repository/rename-branch.tsx";
import { useRepository, useRepositoryName } from "../repository/use-repository.ts";
import { formatCount } from "../text/quantity.ts";

export const branchesRoute = createLazyRoute("/$owner/$repo/branches")({ component: BranchesPage });
export const tagsRoute = createLazyRoute("/$owner/$repo/tags")({ component: TagsPage });

const branches = getRouteApi("/$owner/$repo/branches");
const tags = getRouteApi("/$owner/$repo/tags");

/** All branches, each with its newest commit. */
function BranchesPage(): ReactElement {
  return <RefsPage kind="heads" search={branches.useSearch()} />;
}

/** All tags, each with the commit it names. */
function TagsPage(): ReactElement {
  return <RefsPage kind="tags" search={tags.useSearch()} />;
}

interface RefsPageProps {
  readonly kind: "heads" | "tags";
  readonly search: { readonly page?: number; readonly query?: string };
}

const words = {
  heads: { title: "Branches", one: "branch", many: "branches", icon: GitBranchIcon },
  tags: { title: "Tags", one: "tag", many: "tags", icon: TagIcon },
} as const;

function RefsPage({ kind, search }: RefsPageProps): ReactElement {
  const repository = useRepositoryName();
  const { page = 1, query = "" } = search;
  const { data } = useSuspenseQuery(refsQuery(repository, { kind, page, query, detail: "commits" }));
  const { title, one, many, icon } = words[kind];
  return (
    <div className="page">
      <title>{`${title} · ${repository.owner}/${repository.name}`}</title>
      <div className="page-title">
        <h1>{title}</h1>
        <span className="muted">{formatCount(data.total, one, many)}</span>
      </div>
      <FilterForm label={`Find ${many}`} query={query} />
      <div className="box table-scroll">
        {data.refs.length === 0 ? (
          <Blankslate icon={icon} title={query === "" ? `No ${many} yet` : `No ${many} match “${query}”`} />
        ) : (
          <RefTable refs={data.refs} kind={kind} />
        )}
      </div>
      <Pagination page={page} hasMore={data.hasMore} />
    </div>
  );
}

function RefTable({
  refs,
  kind,
}: {
  readonly refs: readonly RefEntry[];
  readonly kind: "heads" | "tags";
}): ReactElement {
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">{kind === "heads" ? "Branch" : "Tag"}</th>
          <th scope="col">Newest commit</th>
          <th scope="col">When</th>
          <th scope="col" className="end">
            <span className="visually-hidden">What to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {refs.map((ref) => (
          <RefRow key={ref.name} entry={ref} kind={kind} />
        ))}
      </tbody>
    </table>
  );
}

interface RefRowProps {
  readonly entry: RefEntry;
  readonly kind: "heads" | "tags";
}

function RefRow({ entry, kind }: RefRowProps): ReactElement {
  const repository = useRepositoryName();
  const { viewer } = useRepository();
  const { one } = words[kind];
  return (
    <tr>
      <th scope="row">
        <span className="row">
          <LocationLink repository={repository} kind="tree" revision={entry.name}>
            {entry.name}
          </LocationLink>
          {entry.isDefault ? <span className="label">default</span> : null}
          {entry.isProtected ? <RefProtectionButton name={entry.name} kind={kind} /> : null}
        </span>
      </th>
      <td>
        {entry.commit === null ? (
          <span className="muted">names something that is no commit</span>
        ) : (
          <span className="row">
            <CommitLink repository={repository} commit={entry.commit.id} className="sha">
              {entry.commit.id.slice(0, 7)}
            </CommitLink>
            <span className="truncate ref-title">{entry.commit.title}</span>
          </span>
        )}
      </td>
      <td className="muted nowrap">
        {entry.commit === null ? null : (
          <>
            <RelativeTime time={entry.commit.committer.date} /> by <PersonName person={entry.commit.author} />
          </>
        )}
      </td>
      <td className="end">
        {kind === "heads" && viewer.canPush ? (
          <RenameBranchButton name={entry.name} isDefault={entry.isDefault} />
        ) : null}
        <CopyButton small text={entry.name} label={`Copy the name of ${one} ${entry.name}`} />
      </td>
    </tr>
  );
}
