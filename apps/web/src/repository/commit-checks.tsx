import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";

import { statusQuery } from "../api/queries.ts";
import { RelativeTime } from "../components/relative-time.tsx";
import { CheckMark } from "./check-mark.tsx";
import { useRepositoryName } from "./use-repository.ts";

/** What each check says of a commit; nothing where none said anything. */
export function CommitChecks({ commit }: { readonly commit: string }): ReactElement | null {
  const { data } = useQuery(statusQuery(useRepositoryName(), commit));
  if (data === undefined || data.total_count === 0) return null;
  return (
    <section className="box" aria-labelledby="checks">
      <div className="box-header row">
        <CheckMark state={data.state} />
        <h2 id="checks" className="small-heading">
          Checks
        </h2>
      </div>
      <ul>
        {data.statuses.map(({ id, context, state, description, target_url: url, created_at: time }) => (
          <li key={id} className="box-row row wrap">
            <CheckMark state={state === "error" ? "failure" : state} />
            <strong>{url === null ? context : <CheckLink url={url} text={context} />}</strong>
            <span className="grow muted">{description}</span>
            <span className="muted small">
              <RelativeTime time={time} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whoever gives statuses chooses the address: it is followed only as a page. */
function CheckLink({ url, text }: { readonly url: string; readonly text: string }): ReactElement {
  return /^https?:\/\//i.test(url) ? (
    <a href={url} rel="nofollow noreferrer">
      {text}
    </a>
  ) : (
    <>{text}</>
  );
}
