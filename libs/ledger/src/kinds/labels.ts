/** Labels of a repository: make some at once, change, delete. */
import {
  labelIdCodec,
  list,
  option,
  repositoryIdCodec,
  struct,
  type LabelId,
  type RepositoryId,
} from "@guts/primitives";
import { foldLabelName, type LabelName } from "@guts/collaboration";
import { changedText, contentRefCodec, textChangeCodec } from "../content.ts";
import { labelColorCodec, labelNameCodec, labelNameTable, labelTable } from "../issue-tables.ts";
import { applied, boundedRefs, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import { descriptionBytesMax, labelsPerCreationMax, labelsPerRepositoryMax } from "../limits.ts";
import { nextNumber } from "../numbering.ts";
import { openRepository } from "../repository-act.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import { addToTally, tallyOf } from "../tally.ts";

/** Makes labels: all of them or none. */
export const labelsCreate = defineKind({
  tag: 140,
  payload: struct({
    repository: repositoryIdCodec,
    labels: list(
      struct({ name: labelNameCodec, color: labelColorCodec, description: option(contentRefCodec) }),
      labelsPerCreationMax,
    ),
  }),
  result: struct({ labels: list(labelIdCodec, labelsPerCreationMax) }),
  authority: "any",
  contents: ({ labels }) =>
    boundedRefs(
      labels.map(({ description }) => description),
      descriptionBytesMax,
    ),
  work: ({ labels }) => 12 * labels.length,
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, labels }) => {
    const opened = openRepository(context, repository, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    if (labels.length === 0) return rejected("nothing-to-do");
    const { state } = context;
    const made: LabelId[] = [];
    for (const { name, color, description } of labels) {
      if (isTaken(context, repository, name)) return rejected("label-name-taken");
      if (tallyOf(state, "labels", repository) >= labelsPerRepositoryMax) return rejected("label-limit");
      const label = nextNumber(state, "label") as LabelId;
      writeRow(state, labelTable, { repository, label }, { name, color, description });
      writeRow(state, labelNameTable, { repository, name: foldLabelName(name) }, label);
      addToTally(state, "labels", repository, 1);
      made.push(label);
    }
    return applied({ labels: made });
  },
});

/** Changes what is given; an absent field stays. */
export const labelUpdate = defineKind({
  tag: 141,
  payload: struct({
    repository: repositoryIdCodec,
    label: labelIdCodec,
    name: option(labelNameCodec),
    color: option(labelColorCodec),
    description: textChangeCodec,
  }),
  result: struct({}),
  authority: "any",
  contents: ({ description }) => boundedRefs([description?.value], descriptionBytesMax),
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, label, name, color, description }) => {
    const opened = openRepository(context, repository, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const before = readRow(context.state, labelTable, { repository, label });
    if (before === undefined) return rejected("label-unknown");
    const after = {
      name: name ?? before.name,
      color: color ?? before.color,
      description: changedText(before.description, description),
    };
    if (foldLabelName(after.name) !== foldLabelName(before.name)) {
      if (isTaken(context, repository, after.name)) return rejected("label-name-taken");
      removeRow(context.state, labelNameTable, { repository, name: foldLabelName(before.name) });
      writeRow(context.state, labelNameTable, { repository, name: foldLabelName(after.name) }, label);
    }
    writeRow(context.state, labelTable, { repository, label }, after);
    return applied({});
  },
});

/** Deletes a label. Issues that had it have it no longer. */
export const labelDelete = defineKind({
  tag: 142,
  payload: struct({ repository: repositoryIdCodec, label: labelIdCodec }),
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, label }) => {
    const opened = openRepository(context, repository, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const row = readRow(context.state, labelTable, { repository, label });
    if (row === undefined) return rejected("label-unknown");
    removeRow(context.state, labelTable, { repository, label });
    removeRow(context.state, labelNameTable, { repository, name: foldLabelName(row.name) });
    addToTally(context.state, "labels", repository, -1);
    return applied({});
  },
});

function isTaken({ state }: ActContext, repository: RepositoryId, name: LabelName): boolean {
  return readRow(state, labelNameTable, { repository, name: foldLabelName(name) }) !== undefined;
}
