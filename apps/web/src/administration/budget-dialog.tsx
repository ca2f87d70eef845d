import type { BudgetChange, BudgetRule, NodeStanding } from "@guts/api";
import { useState, type FormEvent, type ReactElement } from "react";

import { administrationKey } from "../api/administration-queries.ts";
import { useChange } from "../api/use-change.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";

const kibibyte = 1024;
/** More than anybody needs, and far below what numbers can hold. */
const amountMax = 1_000_000_000;

/** What a person sets; `factor` is how much of the ledger's unit one of theirs is. */
const amounts = [
  { name: "transactions", title: "Changes", factor: 1 },
  { name: "bytes", title: "KiB on the ledger", factor: kibibyte },
  { name: "repositories", title: "New repositories", factor: 1 },
  { name: "accounts", title: "New accounts", factor: 1 },
] as const;

interface BudgetDialogProps {
  /** Whose budget it is: a handle, or a node's name. */
  readonly of: string;
  /** Who reads the reason. */
  readonly readers: string;
  readonly standing: NodeStanding;
  readonly submit: (change: BudgetChange) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Gives an account or a node another budget, or the usual one again. */
export function BudgetDialog({ of, readers, standing, submit, onClose }: BudgetDialogProps): ReactElement {
  const [rule, setRule] = useState<BudgetRule>(standing.rule);
  const [reason, setReason] = useState("");
  const change = useChange({ queryKey: administrationKey }, `Changed the budget of ${of}`, submit);
  const save = (wanted: BudgetRule | null): void => {
    if (change.isPending) return;
    const why = reason.trim();
    change.mutate({ rule: wanted, ...(why !== "" && { reason: why }) }, { onSuccess: onClose });
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    save(rule);
  };
  return (
    <Dialog title={`Budget of ${of}`} onClose={onClose}>
      <form className="dialog-body form" onSubmit={onSubmit}>
        <FailureBanner error={change.error} />
        <Amounts rule={rule} counted={standing.rule} onChange={setRule} />
        <TextField
          label="Reason"
          isOptional
          maxLength={500}
          value={reason}
          hint={`It stands in the audit log. ${readers} A changed budget is full at once.`}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="form-actions">
          <Button type="submit" variant="primary" busy={change.isPending}>
            Save budget
          </Button>
          {standing.isUsual ? null : <Button onClick={() => save(null)}>Use the usual one</Button>}
          <Button variant="invisible" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface AmountsProps {
  readonly rule: BudgetRule;
  /** What is not counted here has no fields. */
  readonly counted: BudgetRule;
  readonly onChange: (rule: BudgetRule) => void;
}

function Amounts({ rule, counted, onChange }: AmountsProps): ReactElement {
  return (
    <div className="amounts">
      {amounts
        .filter(({ name }) => name !== "accounts" || counted.capacity.accounts > 0)
        .flatMap(({ name, title, factor }) =>
          (["capacity", "refillPerMinute"] as const).map((part) => (
            <TextField
              key={`${name} ${part}`}
              label={part === "capacity" ? title : `${title} a minute`}
              type="number"
              required
              min={0}
              max={amountMax}
              step={1}
              value={String(Math.round(rule[part][name] / factor))}
              onChange={(event) => {
                const value = Math.round(Number(event.target.value)) * factor;
                onChange({ ...rule, [part]: { ...rule[part], [name]: value } });
              }}
            />
          )),
        )}
    </div>
  );
}
