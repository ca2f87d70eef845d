import { HistoryIcon } from "@primer/octicons-react/HistoryIcon";
import type { CommitSummary, ResolvedRef } from "@guts/api";
import type { ReactElement } from "react";

import { buttonClass } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { CheckMark } from "./check-mark.tsx";
import { CommitLink, LocationLink } from "./links.tsx";
import { PersonAvatar, PersonName } from "./person.tsx";
import { useRepositoryName } from "./use-repository.ts";

interface LatestCommitProps {
  readonly commit: CommitSummary | null;
  readonly at: ResolvedRef;
  readonly path: string;
}

/** The newest commit that touched what is shown below, and the way to its history. */
export function LatestCommit({ commit, at, path }: LatestCommitProps): ReactElement {
  const repository = useRepositoryName();
  return (
    <div className="latest-commit">
      {commit === null ? <span className="message" /> : <CommitLine commit={commit} />}
      <LocationLink
        repository={repository}
        kind="commits"
        revision={at.name}
        path={path}
        className={buttonClass({ variant: "invisible", small: true })}
      >
        <HistoryIcon /> History
      </LocationLink>
    </div>
  );
}

function CommitLine({ commit }: { readonly commit: CommitSummary }): ReactElement {
  const repository = useRepositoryName();
  return (
    <>
      <PersonAvatar person={commit.author} />
      <PersonName person={commit.author} />
      <span className="message wide-only">
        <CommitLink repository={repository} commit={commit.id} title={commit.title}>
          {commit.title}
        </CommitLink>
      </span>
      {commit.checks === undefined ? null : <CheckMark state={commit.checks} />}
      <span className="grow narrow-only" />
      <CommitLink repository={repository} commit={commit.id} className="sha quiet muted wide-only">
        {commit.id.slice(0, 7)}
      </CommitLink>
      <span className="muted small">
        <RelativeTime time={commit.committer.date} />
      </span>
    </>
  );
}
