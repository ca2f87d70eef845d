import { CodeIcon } from "@primer/octicons-react/CodeIcon";
import { GitCommitIcon } from "@primer/octicons-react/GitCommitIcon";
import type { CommitSummary } from "@guts/api";
import { useState, type ReactElement } from "react";

import { buttonClass, CopyButton } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { formatDay } from "../text/relative-time.ts";
import { CheckMark } from "./check-mark.tsx";
import { CommitLink, LocationLink } from "./links.tsx";
import { PersonAvatar, PersonName } from "./person.tsx";
import { SignatureBadge } from "./signature-badge.tsx";
import { useRepositoryName } from "./use-repository.ts";

/** History in the order given, under a heading for each day. */
export function CommitList({ commits }: { readonly commits: readonly CommitSummary[] }): ReactElement {
  return (
    <>
      {groupByDay(commits).map(({ day, commits: own }) => (
        <section key={own[0]!.id}>
          <h2 className="commit-day">
            <GitCommitIcon /> {day}
          </h2>
          <ul className="box">
            {own.map((commit) => (
              <CommitRow key={commit.id} commit={commit} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function CommitRow({ commit }: { readonly commit: CommitSummary }): ReactElement {
  const repository = useRepositoryName();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li className="box-row commit-row">
      <div className="grow">
        <div className="row">
          <CommitLink repository={repository} commit={commit.id} className="title truncate" title={commit.title}>
            {commit.title === "" ? "(no message)" : commit.title}
          </CommitLink>
          {commit.body === "" ? null : (
            <button
              type="button"
              className="label"
              aria-expanded={isOpen}
              aria-label="Whole message"
              onClick={() => setIsOpen(!isOpen)}
            >
              …
            </button>
          )}
        </div>
        {isOpen ? <pre className="commit-body">{commit.body}</pre> : null}
        <div className="meta">
          <span>
            <PersonAvatar person={commit.author} size={16} />
            <PersonName person={commit.author} /> committed <RelativeTime time={commit.committer.date} />
          </span>
        </div>
      </div>
      <SignatureBadge commit={commit} />
      {commit.checks === undefined ? null : <CheckMark state={commit.checks} />}
      <CommitLink repository={repository} commit={commit.id} className="sha">
        {commit.id.slice(0, 7)}
      </CommitLink>
      <div className="row wide-only">
        <CopyButton small text={commit.id} label="Copy the commit's full id" />
        <LocationLink
          repository={repository}
          kind="tree"
          revision={commit.id}
          className={buttonClass({ small: true, square: true })}
          title="Browse the files at this commit"
        >
          <CodeIcon aria-label="Browse the files at this commit" />
        </LocationLink>
      </div>
    </li>
  );
}

interface Day {
  readonly day: string;
  readonly commits: readonly CommitSummary[];
}

/** Neighbours that were committed on one day, in the reader's time zone. */
function groupByDay(commits: readonly CommitSummary[]): readonly Day[] {
  const days: { day: string; commits: CommitSummary[] }[] = [];
  for (const commit of commits) {
    const day = formatDay(new Date(commit.committer.date));
    const newest = days.at(-1);
    if (newest?.day === day) newest.commits.push(commit);
    else days.push({ day, commits: [commit] });
  }
  return days;
}
