import { VersionsIcon } from "@primer/octicons-react/VersionsIcon";
import type { BlameView, CommitSummary } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, type ReactElement } from "react";

import { blameQuery } from "../api/code-queries.ts";
import { Banner } from "../components/banner.tsx";
import { buttonClass } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { baseName, joinLocation } from "../paths/repository-path.ts";
import { CommitLink, LocationLink } from "../repository/links.tsx";
import { PathCrumbs } from "../repository/path-crumbs.tsx";
import { useRepositoryName } from "../repository/use-repository.ts";

export const blameRoute = createLazyRoute("/$owner/$repo/blame/$")({ component: BlamePage });

const route = getRouteApi("/$owner/$repo/blame/$");

/** A file with who brought each of its lines, and in which commit. */
function BlamePage(): ReactElement {
  const repository = useRepositoryName();
  const { _splat: splat = "" } = route.useParams();
  const { ignore } = route.useSearch();
  const { data: view } = useSuspenseQuery(blameQuery(repository, splat, ignore));
  return (
    <div className="page">
      <title>{`Blame of ${baseName(view.path)} · ${repository.owner}/${repository.name}`}</title>
      <h1 className="visually-hidden">
        Blame of {view.path} at {view.ref.name}
      </h1>
      <div className="toolbar">
        <PathCrumbs revision={view.ref.name} path={view.path} />
        <div className="grow" />
        <LocationLink
          repository={repository}
          kind="blob"
          revision={view.ref.name}
          path={view.path}
          className={buttonClass({ small: true })}
        >
          Normal view
        </LocationLink>
        <LocationLink
          repository={repository}
          kind="commits"
          revision={view.ref.name}
          path={view.path}
          className={buttonClass({ small: true })}
        >
          History
        </LocationLink>
      </div>
      <div className="stack">
        <Ignoring view={view} splat={splat} />
        {view.lines === null ? (
          <p className="diff-note">This file is no text that is shown, so its lines have no authors.</p>
        ) : (
          <BlameLines view={view} lines={view.lines} />
        )}
      </div>
    </div>
  );
}

function Ignoring({ view, splat }: { readonly view: BlameView; readonly splat: string }): ReactElement | null {
  const { owner, name } = useRepositoryName();
  if (view.ignoring === "none") return null;
  const isOver = view.ignoring === "over";
  const params = { owner, repo: name, _splat: splat };
  return (
    <Banner>
      {isOver ? "Commits that " : "Commits that would be passed over by "}
      <code>.git-blame-ignore-revs</code>
      {isOver ? " lists are passed over. " : " are shown. "}
      <Link to="/$owner/$repo/blame/$" params={params} search={isOver ? { ignore: "off" as const } : {}}>
        {isOver ? "Show them too" : "Pass them over"}
      </Link>
    </Banner>
  );
}

function BlameLines({ view, lines }: { readonly view: BlameView; readonly lines: readonly string[] }): ReactElement {
  const commits = useMemo(() => new Map(view.commits.map((commit) => [commit.id, commit])), [view]);
  return (
    <div className="box code-scroll" tabIndex={0} role="region" aria-label={`Lines of ${view.path} with their authors`}>
      <table className="code-lines blame-lines">
        <tbody>
          {view.ranges.map((range) => (
            <Range key={range.firstLine} range={range} commit={commits.get(range.commit)} lines={lines} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RangeProps {
  readonly range: BlameView["ranges"][number];
  readonly commit: CommitSummary | undefined;
  readonly lines: readonly string[];
}

function Range({ range, commit, lines }: RangeProps): ReactElement {
  const { firstLine, lineCount } = range;
  const own = lines.slice(firstLine - 1, firstLine - 1 + lineCount);
  return (
    <>
      {own.map((html, index) => (
        <tr key={firstLine + index} id={`L${firstLine + index}`}>
          {index === 0 ? (
            <td className="blame-commit" rowSpan={own.length}>
              <Origin range={range} commit={commit} />
            </td>
          ) : null}
          <td className="number">{firstLine + index}</td>
          {/* oxlint-disable-next-line react/no-danger -- the node escapes every line */}
          <td className="text" dangerouslySetInnerHTML={{ __html: html === "" ? "\n" : html }} />
        </tr>
      ))}
    </>
  );
}

/** The commit that brought lines, and the way to the file before it. */
function Origin({ range, commit }: Omit<RangeProps, "lines">): ReactElement {
  const repository = useRepositoryName();
  const { previous } = range;
  const title = commit === undefined || commit.title === "" ? "(no message)" : commit.title;
  return (
    <div className="blame-origin">
      {commit === undefined ? null : (
        <span className="muted small">
          <RelativeTime time={commit.author.date} />
        </span>
      )}
      <CommitLink
        repository={repository}
        commit={range.commit}
        className="truncate grow"
        title={`${commit?.author.name ?? ""}: ${title}`}
      >
        {title}
      </CommitLink>
      {previous === null ? null : (
        <Link
          to="/$owner/$repo/blame/$"
          params={{
            owner: repository.owner,
            repo: repository.name,
            _splat: joinLocation(previous.commit, previous.path),
          }}
          title="Blame the file before this change"
        >
          <VersionsIcon aria-label={`Blame the file before ${title}`} />
        </Link>
      )}
    </div>
  );
}
