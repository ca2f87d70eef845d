import { TriangleDownIcon } from "@primer/octicons-react/TriangleDownIcon";
import type { ResolvedRef } from "@guts/api";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useState, type ReactElement } from "react";

import { refsQuery } from "../api/queries.ts";
import { Button } from "../components/button.tsx";
import { Popover } from "../components/popover.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { useRepositoryName } from "./use-repository.ts";

interface ChooseRangeProps {
  readonly side: "base" | "compare";
  readonly base: ResolvedRef;
  readonly head: ResolvedRef;
}

/** Chooses the branch on one side of a comparison. */
export function ChooseRange(props: ChooseRangeProps): ReactElement {
  const { name } = props.side === "base" ? props.base : props.head;
  return (
    <Popover
      kind="dialog"
      label={`Choose the ${props.side} branch`}
      wide
      trigger={(trigger) => (
        <Button className="ref-button" {...trigger}>
          <span className="muted">{props.side}:</span> <span>{name}</span>
          <TriangleDownIcon className="caret" />
        </Button>
      )}
    >
      {(close) => <Options {...props} close={close} />}
    </Popover>
  );
}

function Options({ side, base, head, close }: ChooseRangeProps & { readonly close: () => void }): ReactElement {
  const repository = useRepositoryName();
  const [query, setQuery] = useState("");
  const request = { kind: "heads", query: useDeferredValue(query.trim()), page: 1, detail: "names" } as const;
  const found = useQuery({ ...refsQuery(repository, request), placeholderData: keepPreviousData }).data;
  return (
    <>
      <div className="box-body">
        <input
          className="input"
          type="search"
          aria-label="Find branches"
          placeholder="Find branches…"
          autoFocus
          spellCheck={false}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      <div className="ref-list">
        {found === undefined ? <SkeletonRows count={3} /> : null}
        {found?.refs.length === 0 ? <p className="diff-note">No branches match.</p> : null}
        {found?.refs.map(({ name }) => (
          <Link
            key={name}
            to="/$owner/$repo/compare/$"
            params={{
              owner: repository.owner,
              repo: repository.name,
              _splat: side === "base" ? `${name}...${head.name}` : `${base.name}...${name}`,
            }}
            className="ref-option"
            onClick={close}
          >
            <span className="truncate grow">{name}</span>
          </Link>
        ))}
      </div>
    </>
  );
}
