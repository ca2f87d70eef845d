import type { ProtectionRule, ProtectionSettings } from "@guts/api";
import { plainProtection } from "@guts/api/protection";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement, type ReactNode } from "react";

import { api } from "../api/client.ts";
import { forgetRepository } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SelectField, TextField } from "../components/field.tsx";
import { useToasts } from "../components/toast.tsx";
import { ActorPicker } from "./actor-picker.tsx";
import { allowances, parseList, plainReview, settingsFor, switches, type Switch } from "./protection-settings.ts";
import { useRepositoryName } from "./use-repository.ts";

type Target = ProtectionRule["target"];

interface ProtectionFormProps {
  /** The rule to change; absent for a new one. */
  readonly rule?: ProtectionRule;
  readonly onDone: () => void;
}

/** Makes a protection rule, or changes what it asks. */
export function ProtectionForm({ rule, onDone }: ProtectionFormProps): ReactElement {
  const [target, setTarget] = useState<Target>(rule?.target ?? "branch");
  const [pattern, setPattern] = useState(rule?.pattern ?? "");
  const [settings, setSettings] = useState(rule?.settings ?? plainProtection);
  const [reason, setReason] = useState("");
  const save = useSetRule(onDone);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate({ target, pattern: pattern.trim(), settings: settingsFor(target, settings), reason: reason.trim() });
  };
  return (
    <form className="box" onSubmit={submit} aria-label={rule === undefined ? "New rule" : `Rule for ${rule.pattern}`}>
      <div className="box-header">
        <h2>{rule === undefined ? "New rule" : `Rule for ${rule.pattern}`}</h2>
      </div>
      <div className="box-body form">
        <FailureBanner error={save.error} />
        {rule === undefined ? (
          <Names target={target} pattern={pattern} onTarget={setTarget} onPattern={setPattern} />
        ) : null}
        {target === "branch" ? <Reviews settings={settings} onChange={setSettings} /> : null}
        {target === "branch" ? <Checks settings={settings} onChange={setSettings} /> : null}
        <Pushers settings={settings} onChange={setSettings} />
        <Switches legend="Rules" {...{ target, settings, choices: switches }} onChange={setSettings} />
        <Switches
          legend="For everybody, administrators too"
          {...{ target, settings, choices: allowances }}
          onChange={setSettings}
        />
        <TextField
          label="Reason"
          isOptional
          maxLength={500}
          hint="Stands in the repository’s record, for everybody who may read it."
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="form-actions">
          <Button type="submit" variant="primary" busy={save.isPending} disabled={pattern.trim() === ""}>
            {rule === undefined ? "Create rule" : "Save rule"}
          </Button>
          <Button variant="invisible" onClick={onDone}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  );
}

interface NamesProps {
  readonly target: Target;
  readonly pattern: string;
  readonly onTarget: (target: Target) => void;
  readonly onPattern: (pattern: string) => void;
}

function Names({ target, pattern, onTarget, onPattern }: NamesProps): ReactElement {
  return (
    <>
      <SelectField
        label="Protects"
        value={target}
        options={[
          { value: "branch", label: "Branches" },
          { value: "tag", label: "Tags" },
        ]}
        onChange={(event) => onTarget(event.target.value === "tag" ? "tag" : "branch")}
      />
      <TextField
        label="Name or pattern"
        required
        isCode
        maxLength={255}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder={target === "tag" ? "v*" : "main"}
        hint="* stands for anything but a slash, **/ for any number of directories. A whole name goes before patterns, older patterns before newer ones."
        value={pattern}
        onChange={(event) => onPattern(event.target.value)}
      />
    </>
  );
}

interface PartProps {
  readonly settings: ProtectionSettings;
  readonly onChange: (settings: ProtectionSettings) => void;
}

function Reviews({ settings, onChange }: PartProps): ReactElement {
  const { pullRequest } = settings;
  const change = (changes: Partial<typeof plainReview>): void =>
    onChange({ ...settings, pullRequest: { ...plainReview, ...pullRequest, ...changes } });
  return (
    <Part
      label="Require a pull request"
      hint="Nobody pushes here directly."
      isOn={pullRequest !== null}
      onTurn={(isOn) => onChange({ ...settings, pullRequest: isOn ? plainReview : null })}
    >
      <SelectField
        label="Approvals"
        value={String(pullRequest?.approvals ?? 1)}
        options={["0", "1", "2", "3", "4", "5", "6"].map((value) => ({ value, label: value }))}
        onChange={(event) => change({ approvals: Number(event.target.value) })}
      />
      <Check
        label="New commits take approvals back"
        isOn={pullRequest?.dismissesStale === true}
        onTurn={(dismissesStale) => change({ dismissesStale })}
      />
      <Check
        label="Code owners must approve"
        isOn={pullRequest?.codeOwners === true}
        onTurn={(codeOwners) => change({ codeOwners })}
      />
      <Check
        label="Somebody else than the last pusher must approve"
        isOn={pullRequest?.lastPushApproval === true}
        onTurn={(lastPushApproval) => change({ lastPushApproval })}
      />
      <ReviewActors settings={settings} onChange={onChange} />
    </Part>
  );
}

/** Whom reviews do not bind, and who may dismiss them. */
function ReviewActors({ settings, onChange }: PartProps): ReactElement {
  const { bypassers, dismissers } = settings;
  return (
    <>
      <ActorPicker
        label="People and teams who need no pull request"
        names={bypassers}
        onChange={(names) => onChange({ ...settings, bypassers: [...names] })}
      />
      <Part
        label="Restrict who may dismiss reviews"
        hint="Administrators may always."
        isOn={dismissers !== null}
        onTurn={(isOn) => onChange({ ...settings, dismissers: isOn ? [] : null })}
      >
        <ActorPicker
          label="People and teams who may dismiss reviews"
          names={dismissers ?? []}
          onChange={(names) => onChange({ ...settings, dismissers: [...names] })}
        />
      </Part>
    </>
  );
}

function Checks({ settings, onChange }: PartProps): ReactElement {
  const { checks } = settings;
  const [text, setText] = useState(checks?.names.join("\n") ?? "");
  return (
    <Part
      label="Require checks"
      hint="A commit comes in only once these have succeeded on it."
      isOn={checks !== null}
      onTurn={(isOn) =>
        onChange({ ...settings, checks: isOn ? { isStrict: false, names: [...parseList(text, /[,\n]/)] } : null })
      }
    >
      <TextField
        label="Names of checks"
        hint="Separated by commas"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const names = [...parseList(event.target.value, /[,\n]/)];
          onChange({ ...settings, checks: { isStrict: checks?.isStrict === true, names } });
        }}
      />
      <Check
        label="Only on commits that contain the branch"
        isOn={checks?.isStrict === true}
        onTurn={(isStrict) => onChange({ ...settings, checks: { names: [], ...checks, isStrict } })}
      />
    </Part>
  );
}

function Pushers({ settings, onChange }: PartProps): ReactElement {
  const { pushers } = settings;
  return (
    <Part
      label="Restrict who may push"
      hint="Nobody else, whatever their role."
      isOn={pushers !== null}
      onTurn={(isOn) => onChange({ ...settings, pushers: isOn ? [] : null })}
    >
      <ActorPicker
        label="People and teams who may push"
        names={pushers ?? []}
        onChange={(names) => onChange({ ...settings, pushers: [...names] })}
      />
    </Part>
  );
}

interface SwitchesProps extends PartProps {
  readonly legend: string;
  readonly target: Target;
  readonly choices: readonly Switch[];
}

function Switches({ legend, target, choices, settings, onChange }: SwitchesProps): ReactElement {
  return (
    <fieldset className="fieldset stack tight">
      <legend>{legend}</legend>
      {choices
        .filter(({ isForBranches }) => target === "branch" || isForBranches !== true)
        .map(({ label, hint, is, set }) => (
          <Check
            key={label}
            label={label}
            hint={hint}
            isOn={is(settings)}
            onTurn={(isOn) => onChange(set(settings, isOn))}
          />
        ))}
    </fieldset>
  );
}

interface CheckProps {
  readonly label: string;
  readonly hint?: string;
  readonly isOn: boolean;
  readonly onTurn: (isOn: boolean) => void;
}

function Check({ label, hint, isOn, onTurn }: CheckProps): ReactElement {
  return (
    <label className="checkbox">
      <input type="checkbox" checked={isOn} onChange={(event) => onTurn(event.target.checked)} />
      <span>
        {label}
        {hint === undefined ? null : (
          <>
            <br />
            <span className="small muted">{hint}</span>
          </>
        )}
      </span>
    </label>
  );
}

/** A part of a rule that is there or not, with what it says when it is. */
function Part({ children, ...check }: CheckProps & { readonly children: ReactNode }): ReactElement {
  return (
    <div className="stack tight">
      <Check {...check} />
      {check.isOn ? <div className="protection-part stack tight">{children}</div> : null}
    </div>
  );
}

function useSetRule(onDone: () => void) {
  const repository = useRepositoryName();
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (body: { target: Target; pattern: string; settings: ProtectionSettings; reason: string }) =>
      api.call("PUT /api/guts/repos/{owner}/{repo}/protection", {
        path: { owner: repository.owner, repo: repository.name },
        body,
      }),
    onSuccess: async ({ pattern }) => {
      onDone();
      toasts.succeed(`Protected ${pattern}`);
      await forgetRepository(cache, repository);
    },
  });
}
