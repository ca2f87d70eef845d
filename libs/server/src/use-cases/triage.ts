/** Labels, assignees and milestones by the names that requests give them. */
import { parseLabelColor, parseLabelName, type LabelName } from "@guts/collaboration";
import type { Issue } from "@guts/ledger";
import type { AccountId, LabelId, MilestoneNumber } from "@guts/primitives";

import { refuseActor } from "../auth/actor.ts";
import { invalidField } from "../errors.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { findAccount } from "./find-repository.ts";
import type { OpenedRepository } from "./open-repository.ts";
import { requireApplied } from "./rejection.ts";

/** A label in a request: its name, or an object that has it. */
export type NamedLabel = string | { readonly name: string };

/** What an issue is to have; what is undefined stays. */
export interface TriageWish {
  readonly labels?: readonly NamedLabel[] | undefined;
  readonly assignee?: string | null | undefined;
  readonly assignees?: readonly string[] | undefined;
  readonly milestone?: number | string | null | undefined;
}

/** The changes that bring an issue there; `issue` undefined for one that is not there yet. */
export function triageOf(
  opened: OpenedRepository,
  issue: Issue | undefined,
  { labelIds, assignee, assignees }: TriageWish & { readonly labelIds?: readonly LabelId[] | undefined },
) {
  const { issues } = opened.state;
  const held = issue === undefined ? [] : Array.from(issues.labelsOf(issue), ({ id }) => id);
  const present = issue === undefined ? [] : [...issues.assigneesOf(issue)];
  // `assignee` is GitHub's older field for one alone; an empty one is nobody.
  const names = assignees ?? (assignee === undefined ? undefined : [assignee ?? ""].filter(Boolean));
  return {
    labels: labelIds === undefined ? nothing<LabelId>() : changeBetween(held, labelIds),
    assignees: names === undefined ? nothing<AccountId>() : changeBetween(present, accountsNamed(opened, names)),
  };
}

/** The accounts of these handles. Throws `Refusal`. */
export function accountsNamed({ state }: OpenedRepository, handles: readonly string[]): readonly AccountId[] {
  return handles.map((handle) => {
    const found = findAccount(state, handle);
    if (found === undefined)
      throw invalidField({ resource: "Issue", field: "assignees", message: `there is nobody called ${handle}` });
    return found.account.id;
  });
}

/** The milestone of this number; undefined for none. Throws `Refusal`. */
export function milestoneOf(
  { state, repository }: OpenedRepository,
  wanted: number | string | null | undefined,
): MilestoneNumber | undefined {
  if (wanted === null || wanted === undefined) return undefined;
  const number = Number(wanted) as MilestoneNumber;
  if (state.issues.milestone(repository.id, number) !== undefined) return number;
  throw invalidField({ resource: "Issue", field: "milestone", message: `there is no milestone ${wanted}` });
}

/** The colour of a label that nobody chose one for: GitHub's. */
const plainColor = parseLabelColor("ededed")!;

/** The labels of these names. Those that are missing are made for who may, as on GitHub. Throws `Refusal`. */
export async function labelsNamed(
  { transactions }: Pick<Services, "transactions">,
  request: ChangeRequest,
  opened: OpenedRepository,
  labels: readonly NamedLabel[],
): Promise<readonly LabelId[]> {
  const { state, repository } = opened;
  const names = labels.map((label) => requireLabelName(typeof label === "string" ? label : label.name));
  const missing = [...new Map(names.toReversed().map((name) => [name.toLowerCase(), name])).values()].filter(
    (name) => state.issues.findLabel(repository.id, name) === undefined,
  );
  const made = new Map<LabelName, LabelId>();
  if (missing.length > 0 && refuseActor(state, request.actor, repository, "moderate") === undefined) {
    const terms = missing.map((name) => ({ name, color: plainColor, description: undefined }));
    const command = { kind: "labels.create", payload: { repository: repository.id, labels: terms } } as const;
    const { result } = requireApplied(await transactions.submit(command, optionsOf(request, { part: "labels" })));
    missing.forEach((name, index) => made.set(name, result.labels[index]!));
  }
  return names.map((name) => {
    const id = state.issues.findLabel(repository.id, name)?.id ?? made.get(name) ?? idLike(made, name);
    if (id === undefined)
      throw invalidField({ resource: "Label", field: "name", message: `there is no label called ${name}` });
    return id;
  });
}

/** A new label asked for twice, in other letters. */
function idLike(made: ReadonlyMap<LabelName, LabelId>, name: LabelName): LabelId | undefined {
  return [...made].find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
}

/** A name that a label can have. Throws `Refusal`. */
export function requireLabelName(text: string): LabelName {
  const name = parseLabelName(text.trim());
  if (name !== undefined) return name;
  throw invalidField({ resource: "Label", field: "name", message: "must be one line of 1 to 50 characters" });
}

function changeBetween<Item>(held: readonly Item[], wanted: readonly Item[]) {
  const [before, after] = [new Set(held), new Set(wanted)];
  return { add: [...after].filter((item) => !before.has(item)), remove: held.filter((item) => !after.has(item)) };
}

function nothing<Item>(): { readonly add: readonly Item[]; readonly remove: readonly Item[] } {
  return { add: [], remove: [] };
}
