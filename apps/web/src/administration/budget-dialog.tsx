import type { AccountStanding, BudgetRule } from "@guts/api";
import { useState, type FormEvent, type ReactElement } from "react";

import { administrationKey } from "../api/administration-queries.ts";
import { api } from "../api/client.ts";
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
] as const;

interface BudgetDialogProps {
  readonly handle: string;
  readonly standing: AccountStanding;
  readonly onClose: () => void;
}

/** Gives an account another budget, or the usual one again. */
export function BudgetDialog({ handle, standing, onClose }: BudgetDialogProps): ReactElement {
  const [rule, setRule] = useState<BudgetRule>(standing.rule);
  const [reason, setReason] = useState("");
  const change = useBudgetChange(handle);
  const save = (wanted: BudgetRule | null): void =>
    change.mutate({ rule: wanted, reason: reason.trim() }, { onSuccess: onClose });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!change.isPending) save(rule);
  };
  return (
    <Dialog title={`Budget of ${handle}`} onClose={onClose}>
      <form className="dialog-body form" onSubmit={submit}>
        <FailureBanner error={change.error} />
        <div className="amounts">
          {amounts.map(({ name, title, factor }) =>
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
                  setRule({ ...rule, [part]: { ...rule[part], [name]: value } });
                }}
              />
            )),
          )}
        </div>
        <TextField
          label="Reason"
          isOptional
          maxLength={500}
          value={reason}
          hint={`It stands in the audit log; ${handle} reads it, too. A changed budget is full at once.`}
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

interface Change {
  readonly rule: BudgetRule | null;
  readonly reason: string;
}

function useBudgetChange(handle: string) {
  return useChange({ queryKey: administrationKey }, `Changed the budget of ${handle}`, ({ rule, reason }: Change) =>
    api.call("PUT /api/guts/accounts/{handle}/budget", {
      path: { handle },
      body: { rule, ...(reason !== "" && { reason }) },
    }),
  );
}
