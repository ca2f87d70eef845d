import { expect, test } from "vitest";
import type { IssueNumber, MilestoneNumber } from "@guts/primitives";
import { parseLabelColor, parseLabelName } from "@guts/collaboration";
import { Scenario } from "../test/scenario.ts";
import { issueEntriesOf } from "./issue-timeline.ts";

const scenario = new Scenario();
const [ada, bob] = [scenario.signUp(), scenario.signUp()];
const repository = scenario.repository(ada, "tool");
const by = scenario.root(ada);
const text = (words: string) => scenario.ledger.offerText(words);
const silent = { mentions: [], teams: [], references: [], closes: [] };
const opening = { repository, body: undefined, labels: [], assignees: [], milestone: undefined, effects: silent };
const none = { add: [], remove: [] };
const newest = () => issueEntriesOf(scenario.ledger.events.at(-1)!);

test("an issue's own text mentions in its timeline, and refers in those of others, never in its own", () => {
  const first = { repository, number: 1 as IssueNumber };
  scenario.mustApply("issue.open", { ...opening, title: text("One") }, by);
  expect(newest()).toEqual([]);
  const effects = { ...silent, mentions: [bob.id], references: [first] };
  scenario.mustApply("issue.open", { ...opening, title: text("Two"), effects }, by);
  const second = { repository, number: 2 as IssueNumber };
  expect(newest()).toEqual([
    { issue: second, type: "mentioned", account: bob.id },
    { issue: first, type: "cross-referenced", other: second },
  ]);
  scenario.mustApply(
    "comment.add",
    { issue: first, body: text("See #1"), effects: { ...silent, references: [first] } },
    by,
  );
  expect(newest()).toEqual([{ issue: first, type: "commented", comment: 1 }]);
});

test("triage that changes nothing of an item has no entry for it, and a milestone goes before another comes", () => {
  const labels = ["bug", "docs"].map((name) => ({
    name: parseLabelName(name)!,
    color: parseLabelColor("ffffff")!,
    description: undefined,
  }));
  const [bug, docs] = scenario.mustApply("labels.create", { repository, labels }, by).labels;
  for (const title of ["1.0", "2.0"])
    scenario.mustApply(
      "milestone.create",
      { repository, title: text(title), description: undefined, dueTime: undefined },
      by,
    );
  const issue = { repository, number: 1 as IssueNumber };
  const move = (milestone: number) => ({ value: milestone as MilestoneNumber });
  const first = { issue, labels: { add: [bug!], remove: [] }, assignees: none, milestone: move(1) };
  scenario.mustApply("issue.triage", first, by);
  scenario.mustApply(
    "issue.triage",
    { ...first, labels: { add: [bug!, docs!, docs!], remove: [bug!] }, milestone: move(2) },
    by,
  );
  expect(newest()).toEqual([
    { issue, type: "labeled", label: docs },
    { issue, type: "demilestoned", milestone: 1 },
    { issue, type: "milestoned", milestone: 2 },
  ]);
});
