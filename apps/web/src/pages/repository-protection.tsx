import { ShieldLockIcon } from "@primer/octicons-react/ShieldLockIcon";
import type { ProtectionRule } from "@guts/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { forgetRepository, protectionQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { ProtectionForm } from "../repository/protection-form.tsx";
import { summarize } from "../repository/protection-settings.ts";
import { RepositorySettingsFrame } from "../repository/settings-nav.tsx";
import { useRepositoryName } from "../repository/use-repository.ts";
import { ConfirmDialog } from "../settings/confirm-dialog.tsx";
import { formatCount } from "../text/quantity.ts";

export const repositoryProtectionRoute = createLazyRoute("/$owner/$repo/settings/branches")({
  component: RepositoryProtectionPage,
});

/** The rules that protect branches and tags. */
function RepositoryProtectionPage(): ReactElement {
  const { data, error } = useQuery(protectionQuery(useRepositoryName()));
  const [edited, setEdited] = useState<number | "new">();
  const close = (): void => setEdited(undefined);
  return (
    <RepositorySettingsFrame title="Protection">
      <div className="row apart wrap">
        <h1>Branches and tags</h1>
        {edited === undefined ? (
          <Button variant="primary" onClick={() => setEdited("new")}>
            New rule
          </Button>
        ) : null}
      </div>
      <p className="muted">Every node of the network enforces these rules, whichever of them somebody pushes to.</p>
      <FailureBanner error={error} />
      {edited === "new" ? <ProtectionForm onDone={close} /> : null}
      {data === undefined ? (
        <SkeletonRows count={2} />
      ) : (
        <RuleList rules={data} edited={edited} onEdit={setEdited} onClose={close} />
      )}
    </RepositorySettingsFrame>
  );
}

interface RuleListProps {
  readonly rules: readonly ProtectionRule[];
  readonly edited: number | "new" | undefined;
  readonly onEdit: (number: number) => void;
  readonly onClose: () => void;
}

function RuleList({ rules, edited, onEdit, onClose }: RuleListProps): ReactElement | null {
  if (rules.length === 0) {
    if (edited === "new") return null;
    return (
      <div className="box">
        <Blankslate icon={ShieldLockIcon} title="Nothing is protected yet">
          A rule keeps branches or tags from being rewritten or deleted, and says how changes come in.
        </Blankslate>
      </div>
    );
  }
  const rule = rules.find(({ number }) => number === edited);
  if (rule !== undefined) return <ProtectionForm key={rule.number} rule={rule} onDone={onClose} />;
  return (
    <ul className="box" aria-label="Rules, oldest first">
      {rules.map((each) => (
        <RuleRow key={each.number} rule={each} onEdit={() => onEdit(each.number)} />
      ))}
    </ul>
  );
}

function RuleRow({ rule, onEdit }: { readonly rule: ProtectionRule; readonly onEdit: () => void }): ReactElement {
  const { pattern, target, governs, setBy, updatedAt } = rule;
  const [isAsking, setIsAsking] = useState(false);
  const remove = useRemoveRule();
  const [one, many] = target === "tag" ? ["tag", "tags"] : ["branch", "branches"];
  return (
    <li className="box-row row apart wrap">
      <div className="stack tight">
        <div className="row wrap">
          <code>{pattern}</code>
          <span className="label">{many}</span>
          <span className="small muted">governs {formatCount(governs.count, one, many)}</span>
        </div>
        <div className="row wrap small">{summarize(rule).join(" · ")}</div>
        <div className="small muted">
          set by {setBy} <RelativeTime time={updatedAt} />
        </div>
      </div>
      <div className="row">
        <Button small onClick={onEdit} aria-label={`Edit the rule for ${pattern}`}>
          Edit
        </Button>
        <Button small variant="danger" onClick={() => setIsAsking(true)} aria-label={`Remove the rule for ${pattern}`}>
          Remove
        </Button>
      </div>
      {isAsking ? (
        <ConfirmDialog
          title={`Remove the rule for ${pattern}?`}
          action="Remove"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(rule, { onSuccess: () => setIsAsking(false) })}
          onClose={() => setIsAsking(false)}
        >
          <p>
            From then on {formatCount(governs.count, one, many)} may be rewritten and deleted by whoever may push,
            unless another rule names them.
          </p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}

function useRemoveRule() {
  const repository = useRepositoryName();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ target, pattern }: ProtectionRule) =>
      api.call("DELETE /api/guts/repos/{owner}/{repo}/protection", {
        path: { owner: repository.owner, repo: repository.name },
        query: { target, pattern },
      }),
    onSuccess: () => forgetRepository(cache, repository),
  });
}
