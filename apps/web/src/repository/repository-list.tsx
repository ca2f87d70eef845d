import { ArchiveIcon } from "@primer/octicons-react/ArchiveIcon";
import { StarIcon } from "@primer/octicons-react/StarIcon";
import { LockIcon } from "@primer/octicons-react/LockIcon";
import type { RepositoryCard } from "@guts/api";
import type { ReactElement } from "react";

import { RelativeTime } from "../components/relative-time.tsx";
import { formatCount, formatNumber } from "../text/quantity.ts";
import { RepositoryLink } from "./links.tsx";
import { TopicList } from "./topic-list.tsx";

interface RepositoryListProps {
  readonly repositories: readonly RepositoryCard[];
  /** Shows only the own name where the owner is clear from the page. */
  readonly hideOwner?: boolean;
}

/** Repositories, each with its description and when it was last pushed to. */
export function RepositoryList({ repositories, hideOwner }: RepositoryListProps): ReactElement {
  return (
    <ul className="repo-list">
      {repositories.map((repository) => (
        <li key={repository.id}>
          <div className="repo-name">
            <RepositoryLink repository={repository}>
              {hideOwner ? null : `${repository.owner}/`}
              {repository.name}
            </RepositoryLink>
            <VisibilityLabel isPrivate={repository.isPrivate} />
            {repository.isArchived ? <ArchivedLabel /> : null}
          </div>
          {repository.description ? <p>{repository.description}</p> : null}
          <TopicList topics={repository.topics} />
          <div className="meta">
            {repository.starCount === 0 ? null : (
              <span aria-label={formatCount(repository.starCount, "star")}>
                <StarIcon size={14} /> {formatNumber(repository.starCount)}
              </span>
            )}
            {repository.pushedAt === null ? (
              <span>
                Created <RelativeTime time={repository.createdAt} />, nothing pushed yet
              </span>
            ) : (
              <span>
                Pushed <RelativeTime time={repository.pushedAt} />
              </span>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Whether anyone may read a repository. */
export function VisibilityLabel({ isPrivate }: { readonly isPrivate: boolean }): ReactElement {
  return (
    <span className="label">
      {isPrivate ? <LockIcon size={12} /> : null}
      {isPrivate ? "Private" : "Public"}
    </span>
  );
}

/** Says that a repository takes no more changes. */
export function ArchivedLabel(): ReactElement {
  return (
    <span className="label attention">
      <ArchiveIcon size={12} /> Archived
    </span>
  );
}
