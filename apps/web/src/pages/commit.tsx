import { CodeIcon } from "@primer/octicons-react/CodeIcon";
import type { CommitSummary, CommitView } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { commitQuery } from "../api/queries.ts";
import { Banner } from "../components/banner.tsx";
import { buttonClass, CopyButton } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { CommitChecks } from "../repository/commit-checks.tsx";
import { DiffFiles } from "../repository/diff-files.tsx";
import { CommitLink, LocationLink } from "../repository/links.tsx";
import { PersonAvatar, PersonName } from "../repository/person.tsx";
import { SignatureBadge } from "../repository/signature-badge.tsx";
import { useRepositoryName } from "../repository/use-repository.ts";
import { formatCount, formatNumber } from "../text/quantity.ts";

export const commitRoute = createLazyRoute("/$owner/$repo/commit/$sha")({ component: CommitPage });

const route = getRouteApi("/$owner/$repo/commit/$sha");

/** A commit: its message, who made it, and what it changed. */
function CommitPage(): ReactElement {
  const repository = useRepositoryName();
  const { sha } = route.useParams();
  const { data: view } = useSuspenseQuery(commitQuery(repository, sha));
  return (
    <div className="page">
      <title>{`${view.commit.title} · ${repository.owner}/${repository.name}@${view.commit.id.slice(0, 7)}`}</title>
      <CommitHead commit={view.commit} />
      <CommitChecks commit={view.commit.id} />
      <Summary view={view} />
      {view.isTruncated ? (
        <Banner tone="attention">This commit changes more than is shown here. A clone has all of it.</Banner>
      ) : null}
      <DiffFiles files={view.files} commit={view.commit.id} parent={view.commit.parents[0]} />
    </div>
  );
}

function CommitHead({ commit }: { readonly commit: CommitSummary }): ReactElement {
  const repository = useRepositoryName();
  return (
    <section className="box" aria-label="Commit">
      <div className="box-body stack tight">
        <div className="row apart wrap">
          <h1 className="commit-title">{commit.title === "" ? "(no message)" : commit.title}</h1>
          <LocationLink
            repository={repository}
            kind="tree"
            revision={commit.id}
            className={buttonClass({ small: true })}
          >
            <CodeIcon /> Browse files
          </LocationLink>
        </div>
        {commit.body === "" ? null : <pre className="commit-body">{commit.body}</pre>}
      </div>
      <div className="box-row row apart wrap">
        <div className="row wrap">
          <PersonAvatar person={commit.author} />
          <PersonName person={commit.author} />
          <span className="muted">
            {isSamePerson(commit) ? null : (
              <>
                wrote it, <strong>{commit.committer.name}</strong>{" "}
              </>
            )}
            committed <RelativeTime time={commit.committer.date} />
          </span>
          <SignatureBadge commit={commit} align="start" />
        </div>
        <Ids commit={commit} />
      </div>
    </section>
  );
}

function Ids({ commit }: { readonly commit: CommitSummary }): ReactElement {
  const repository = useRepositoryName();
  return (
    <div className="row wrap small muted">
      {commit.parents.length === 0 ? <span>first commit, no parent</span> : null}
      {commit.parents.length > 0 ? <span>{commit.parents.length === 1 ? "parent" : "parents"}</span> : null}
      {commit.parents.map((parent) => (
        <CommitLink key={parent} repository={repository} commit={parent} className="sha">
          {parent.slice(0, 7)}
        </CommitLink>
      ))}
      <span>commit</span>
      <span className="sha">{commit.id.slice(0, 10)}</span>
      <CopyButton small text={commit.id} label="Copy the commit's full id" />
    </div>
  );
}

function isSamePerson({ author, committer }: CommitSummary): boolean {
  return author.email === committer.email && author.name === committer.name;
}

function Summary({ view }: { readonly view: CommitView }): ReactElement {
  return (
    <div className="diff-summary">
      <strong>{formatCount(view.files.length, "file")} changed</strong>
      <span>
        <span className="added">+{formatNumber(view.additions)}</span>{" "}
        <span className="removed">−{formatNumber(view.deletions)}</span>
        <span className="visually-hidden"> lines added and removed</span>
      </span>
      {view.commit.parents.length > 1 ? <span className="muted">compared with the first parent</span> : null}
    </div>
  );
}
