import type { AccountStanding } from "@guts/api";
import type { ReactElement } from "react";

import { formatBytes, formatCount, formatNumber } from "../text/quantity.ts";

type Amount = keyof AccountStanding["left"];

const amounts: readonly { readonly name: Amount; readonly title: string; readonly meaning: string }[] = [
  {
    name: "transactions",
    title: "Changes",
    meaning: "Everything that is written to the ledger: a push, an answer, a setting.",
  },
  {
    name: "bytes",
    title: "Data on the ledger",
    meaning: "What those changes say, with their texts. Files and commits that are pushed do not count.",
  },
  { name: "repositories", title: "New repositories", meaning: "Repositories that are made, not those that there are." },
  { name: "accounts", title: "New accounts", meaning: "Accounts that are opened." },
];

type Budget = Pick<AccountStanding, "left" | "rule">;

/** What a budget has left, what was used of it, and when it is full again. */
export function BudgetMeters({ budget }: { readonly budget: Budget }): ReactElement {
  const counted = amounts.filter(({ name }) => budget.rule.capacity[name] > 0);
  return (
    <ul className="box" aria-label="Budget">
      {counted.map(({ name, title, meaning }) => (
        <li key={name} className="box-row budget-row">
          <div className="row apart wrap">
            <strong>{title}</strong>
            <span className="muted small">
              {inWords(name, budget.left[name])} of {inWords(name, budget.rule.capacity[name])} left
            </span>
          </div>
          <meter
            aria-label={`${title} left`}
            min={0}
            max={budget.rule.capacity[name]}
            low={budget.rule.capacity[name] / 4}
            high={budget.rule.capacity[name] / 2}
            optimum={budget.rule.capacity[name]}
            value={budget.left[name]}
          />
          <p className="small">{refillInWords(name, budget)}</p>
          <p className="small muted">{meaning}</p>
        </li>
      ))}
    </ul>
  );
}

function inWords(name: Amount, value: number): string {
  return name === "bytes" ? formatBytes(value) : formatNumber(value);
}

/** How much is used, how fast it comes back and when all of it is there again. */
function refillInWords(name: Amount, { left, rule }: Budget): string {
  const used = rule.capacity[name] - left[name];
  const perMinute = rule.refillPerMinute[name];
  const pace = perMinute === 0 ? "Nothing comes back by itself." : `${inWords(name, perMinute)} come back each minute.`;
  if (used <= 0) return `Nothing used. ${pace}`;
  const begun = `${inWords(name, used)} used. ${pace}`;
  return perMinute === 0 ? begun : `${begun} Full again in ${formatCount(Math.ceil(used / perMinute), "minute")}.`;
}
