import { LockIcon } from "@primer/octicons-react/LockIcon";
import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import type { ReactElement } from "react";

import { Banner } from "../components/banner.tsx";
import type { PossibleOwner } from "./use-owners.ts";

interface VisibilityChoiceProps {
  readonly owner: PossibleOwner;
  readonly isPrivate: boolean;
  readonly onChange: (isPrivate: boolean) => void;
}

/** Who may read a repository that is to be made, as far as its owner lets the viewer choose. */
export function VisibilityChoice({ owner, isPrivate, onChange }: VisibilityChoiceProps): ReactElement {
  return (
    <fieldset className="fieldset stack tight">
      <legend>Who may read it</legend>
      <div className="choices">
        <label className="choice">
          <input
            type="radio"
            name="visibility"
            disabled={!owner.mayCreatePublic}
            checked={!isPrivate}
            onChange={() => onChange(false)}
          />
          <RepoIcon />
          <strong>Public</strong>
          <small>
            {owner.mayCreatePublic
              ? "Anyone can read and clone it. You choose who may push."
              : `Only owners of ${owner.handle} make public repositories.`}
          </small>
        </label>
        <label className="choice">
          <input
            type="radio"
            name="visibility"
            disabled={!owner.mayCreatePrivate}
            checked={isPrivate}
            onChange={() => onChange(true)}
          />
          <LockIcon />
          <strong>Private</strong>
          <small>
            {owner.isOrganization
              ? `Only you, the owners of ${owner.handle}, and whom its settings, teams and invitations let in can find it.`
              : "Only you and the people you invite can find it."}
          </small>
        </label>
      </div>
      {isPrivate ? (
        <Banner tone="attention">
          <strong>Operators of nodes can read private repositories.</strong> The network hides them from everyone else,
          but they are not encrypted on the nodes that store them. Do not keep secrets in a repository.
        </Banner>
      ) : null}
    </fieldset>
  );
}
