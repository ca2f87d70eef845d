import { CheckCircleFillIcon } from "@primer/octicons-react/CheckCircleFillIcon";
import { LockIcon } from "@primer/octicons-react/LockIcon";
import { XCircleFillIcon } from "@primer/octicons-react/XCircleFillIcon";
import type { RefExplanation } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { refExplanationQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { useRepository, useRepositoryName } from "./use-repository.ts";

interface RefProtectionProps {
  /** Short name. */
  readonly name: string;
  readonly kind: "heads" | "tags";
}

/** The lock beside a protected branch or tag: it opens what one may do with it, and why not. */
export function RefProtectionButton({ name, kind }: RefProtectionProps): ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        small
        square
        variant="invisible"
        aria-haspopup="dialog"
        aria-label={`Protected by a rule: what may I do with ${name}?`}
        title="Protected. What may I do?"
        onClick={() => setIsOpen(true)}
      >
        <LockIcon size={14} />
      </Button>
      {isOpen ? <RefProtectionDialog name={name} kind={kind} onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}

/** What the viewer may do with a branch or tag, and what they lack for the rest. */
export function RefProtectionDialog({
  name,
  kind,
  onClose,
}: RefProtectionProps & { readonly onClose: () => void }): ReactElement {
  const viewer = useViewer();
  return (
    <Dialog title={`What may I do with ${name}?`} onClose={onClose}>
      <div className="dialog-body stack">
        {viewer === null ? (
          <p>
            A rule protects {name}. <Link to="/signin">Sign in</Link> to see what you may do with it.
          </p>
        ) : (
          <Explanation refName={`refs/${kind}/${name}`} />
        )}
      </div>
    </Dialog>
  );
}

function Explanation({ refName }: { readonly refName: string }): ReactElement {
  const { viewer } = useRepository();
  const { data, error } = useQuery(refExplanationQuery(useRepositoryName(), refName));
  if (data === undefined) return error === null ? <SkeletonRows count={3} /> : <FailureBanner error={error} />;
  return (
    <>
      <GoverningRule told={data} />
      {viewer.canPush ? (
        <ul className="deeds" aria-label="What I may do">
          <Deed label={data.ref.startsWith("refs/tags/") ? "Make it" : "Push"} unmet={firstDeed(data)} />
          <Deed label={data.ref.startsWith("refs/tags/") ? "Move it" : "Rewrite its history"} unmet={data.forcePush} />
          <Deed label="Delete it" unmet={data.delete} />
        </ul>
      ) : (
        <p>You may not push to this repository at all. Somebody who administers it can give you write access.</p>
      )}
    </>
  );
}

/** To push to a branch is to move it; a tag is made once. */
function firstDeed(told: RefExplanation): RefExplanation["push"] {
  return told.ref.startsWith("refs/tags/") ? told.create : told.push;
}

function GoverningRule({ told: { rule, isExempt } }: { readonly told: RefExplanation }): ReactElement {
  const { viewer } = useRepository();
  const { owner, name } = useRepositoryName();
  if (rule === null) return <p>No rule protects it any more.</p>;
  return (
    <p>
      The rule for <code>{rule.pattern}</code> governs it, on every node; {rule.setBy} set it.{" "}
      {isExempt
        ? "You administer the repository and the rule does not include administrators, so most of it does not bind you. "
        : ""}
      {viewer.canAdminister ? (
        <Link to="/$owner/$repo/settings/branches" params={{ owner, repo: name }}>
          Change the rules
        </Link>
      ) : null}
    </p>
  );
}

function Deed({ label, unmet }: { readonly label: string; readonly unmet: RefExplanation["push"] }): ReactElement {
  const mayDo = unmet.length === 0;
  return (
    <li>
      {mayDo ? (
        <CheckCircleFillIcon className="deed-yes" aria-label="You may" />
      ) : (
        <XCircleFillIcon className="deed-no" aria-label="You may not" />
      )}
      <div>
        <strong>{label}</strong>
        {unmet.map(({ code, what, who }) => (
          <p key={code} className="small">
            {what}
            <br />
            <span className="muted">{who}</span>
          </p>
        ))}
      </div>
    </li>
  );
}
