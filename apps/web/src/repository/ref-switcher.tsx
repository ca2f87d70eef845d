import { CheckIcon } from "@primer/octicons-react/CheckIcon";
import { GitBranchIcon } from "@primer/octicons-react/GitBranchIcon";
import { GitCommitIcon } from "@primer/octicons-react/GitCommitIcon";
import { LockIcon } from "@primer/octicons-react/LockIcon";
import { SearchIcon } from "@primer/octicons-react/SearchIcon";
import { TagIcon } from "@primer/octicons-react/TagIcon";
import { TriangleDownIcon } from "@primer/octicons-react/TriangleDownIcon";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useState, type KeyboardEvent, type ReactElement } from "react";
import type { ResolvedRef } from "@guts/api";

import { refsQuery } from "../api/queries.ts";
import { Button } from "../components/button.tsx";
import { Popover } from "../components/popover.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { useShortcuts } from "../keyboard/shortcuts.tsx";
import { formatCount } from "../text/quantity.ts";
import { LocationLink } from "./links.tsx";
import { useRepository, useRepositoryName } from "./use-repository.ts";

interface RefSwitcherProps {
  readonly current: ResolvedRef;
  readonly kind: "tree" | "blob" | "commits";
  readonly path: string;
}

const icons = { branch: GitBranchIcon, tag: TagIcon, commit: GitCommitIcon };

/** Chooses the branch or tag at which the same path is shown; opens with `w`. */
export function RefSwitcher(props: RefSwitcherProps): ReactElement {
  const [openSignal, setOpenSignal] = useState(0);
  useShortcuts([
    { keys: "w", label: "Switch branch or tag", group: "Repository", run: () => setOpenSignal((signal) => signal + 1) },
  ]);
  const { kind, name } = props.current;
  const Icon = icons[kind];
  const shown = kind === "commit" ? name.slice(0, 10) : name;
  return (
    <Popover
      kind="dialog"
      label="Branches and tags"
      wide
      openSignal={openSignal}
      trigger={(trigger) => (
        <Button className="ref-button" aria-label={`${kind} ${shown}, switch branch or tag`} {...trigger}>
          <Icon />
          <span>{shown}</span>
          <TriangleDownIcon className="caret" />
        </Button>
      )}
    >
      {(close) => <RefPanel {...props} close={close} />}
    </Popover>
  );
}

function RefPanel({ current, kind, path, close }: RefSwitcherProps & { readonly close: () => void }): ReactElement {
  const view = useRepository();
  const [list, setList] = useState<"heads" | "tags">(current.kind === "tag" ? "tags" : "heads");
  const [query, setQuery] = useState("");
  const found = useRefNames(list, query);
  const noun = list === "heads" ? "branches" : "tags";
  return (
    <div onKeyDown={moveThroughOptions}>
      <div className="box-body">
        <div className="input-with-icon">
          <SearchIcon />
          <input
            className="input"
            type="search"
            aria-label={`Find ${noun}`}
            placeholder={`Find ${noun}…`}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
      </div>
      <div className="tabs" role="tablist" aria-label="What to list">
        <ListTab
          isSelected={list === "heads"}
          onSelect={() => setList("heads")}
          label="Branches"
          count={view.branchCount}
        />
        <ListTab isSelected={list === "tags"} onSelect={() => setList("tags")} label="Tags" count={view.tagCount} />
      </div>
      <div className="ref-list">
        {found === undefined ? <SkeletonRows count={3} /> : null}
        {found?.refs.length === 0 ? <p className="diff-note">No {noun} match.</p> : null}
        {found?.refs.map((ref) => (
          <RefOption
            key={ref.name}
            name={ref.name}
            isDefault={ref.isDefault}
            isProtected={ref.isProtected}
            isCurrent={ref.name === current.name}
            target={{ kind, path, close }}
          />
        ))}
      </div>
      <AllRefs list={list} total={found?.total ?? 0} close={close} />
    </div>
  );
}

function useRefNames(list: "heads" | "tags", query: string) {
  const request = { kind: list, query: useDeferredValue(query.trim()), page: 1, detail: "names" } as const;
  return useQuery({ ...refsQuery(useRepositoryName(), request), placeholderData: keepPreviousData }).data;
}

interface RefOptionProps {
  readonly name: string;
  readonly isDefault: boolean;
  readonly isProtected: boolean;
  readonly isCurrent: boolean;
  readonly target: { readonly kind: "tree" | "blob" | "commits"; readonly path: string; readonly close: () => void };
}

function RefOption({ name, isDefault, isProtected, isCurrent, target }: RefOptionProps): ReactElement {
  return (
    <div onClick={target.close}>
      <LocationLink
        repository={useRepositoryName()}
        kind={target.kind}
        revision={name}
        path={target.path}
        className="ref-option"
      >
        <span className="check">{isCurrent ? <CheckIcon aria-label="Shown now" /> : null}</span>
        <span className="truncate grow">{name}</span>
        {isProtected ? <LockIcon size={12} className="muted" aria-label="Protected" /> : null}
        {isDefault ? <span className="label">default</span> : null}
      </LocationLink>
    </div>
  );
}

interface ListTabProps {
  readonly label: string;
  readonly count: number;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function ListTab({ label, count, isSelected, onSelect }: ListTabProps): ReactElement {
  return (
    <button type="button" role="tab" className="tab" aria-selected={isSelected} onClick={onSelect}>
      {label} <span className="counter">{count}</span>
    </button>
  );
}

interface AllRefsProps {
  readonly list: "heads" | "tags";
  readonly total: number;
  readonly close: () => void;
}

function AllRefs({ list, total, close }: AllRefsProps): ReactElement {
  const { owner, name } = useRepositoryName();
  const params = { owner, repo: name };
  return (
    <div className="box-row small">
      <Link to={list === "heads" ? "/$owner/$repo/branches" : "/$owner/$repo/tags"} params={params} onClick={close}>
        View all {list === "heads" ? formatCount(total, "branch", "branches") : formatCount(total, "tag")}
      </Link>
    </div>
  );
}

/** The arrow keys move from the search field into the list and through it. */
function moveThroughOptions(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const stops = Array.from(event.currentTarget.querySelectorAll<HTMLElement>("input, .ref-option"));
  const next = stops[stops.findIndex((stop) => stop === document.activeElement) + step];
  next?.focus();
  event.preventDefault();
}
