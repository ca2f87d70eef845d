import { ArrowRightIcon } from "@primer/octicons-react/ArrowRightIcon";
import { LockIcon } from "@primer/octicons-react/LockIcon";
import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useId, useState, type KeyboardEvent, type ReactElement } from "react";

import { homeQuery } from "../api/queries.ts";
import { Dialog } from "../components/dialog.tsx";
import { findJumpTargets, type JumpTarget } from "./jump-targets.ts";

const icons = { repository: RepoIcon, "private-repository": LockIcon, page: ArrowRightIcon };

/** Goes to a repository or page by typing some of its name; entirely by keyboard. */
export function JumpDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const router = useRouter();
  const listId = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const { data } = useQuery(homeQuery);
  const targets = findJumpTargets(query, [...(data?.repositories ?? []), ...(data?.publicRepositories ?? [])]);
  const go = (target: JumpTarget | undefined): void => {
    if (target === undefined) return;
    onClose();
    router.history.push(target.path);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setActive((active + step + targets.length) % Math.max(1, targets.length));
    else if (event.key === "Enter") go(targets[active]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Jump to a repository or page" hideTitle wide onClose={onClose}>
      <input
        className="jump-input"
        role="combobox"
        aria-label="Jump to a repository or page"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={targets[active] === undefined ? undefined : `${listId}-${active}`}
        autoComplete="off"
        spellCheck={false}
        placeholder="Repository or page"
        autoFocus
        value={query}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
      />
      <div className="jump-list" role="listbox" id={listId} aria-label="Matches">
        {targets.map((target, index) => (
          <Option key={target.id} id={`${listId}-${index}`} target={target} isActive={index === active} onGo={go} />
        ))}
      </div>
      {targets.length === 0 ? <p className="diff-note">Nothing matches “{query}”.</p> : null}
    </Dialog>
  );
}

interface OptionProps {
  readonly id: string;
  readonly target: JumpTarget;
  readonly isActive: boolean;
  readonly onGo: (target: JumpTarget) => void;
}

function Option({ id, target, isActive, onGo }: OptionProps): ReactElement {
  const Icon = icons[target.kind];
  useEffect(() => {
    if (isActive) document.getElementById(id)?.scrollIntoView({ block: "nearest" });
  }, [id, isActive]);
  return (
    <div id={id} role="option" aria-selected={isActive} className="jump-option" onClick={() => onGo(target)}>
      <Icon />
      <span>{target.label}</span>
      <span className="muted small truncate">{target.detail}</span>
    </div>
  );
}
