/** The questions that doors and rules ask about issues, answered by synchronous reads. */
import {
  encode,
  repositoryIdCodec,
  type AccountId,
  type CommentId,
  type LabelId,
  type MilestoneNumber,
  type RepositoryId,
} from "@guts/primitives";
import { foldLabelName, type LabelName } from "@guts/collaboration";
import type { StateReader } from "./state.ts";
import { readRow, scanRows } from "./table.ts";
import * as tables from "./issue-tables.ts";

/** An issue or pull request with its place. */
export interface Issue extends tables.IssueRow, tables.IssueKey {}

/** A comment with its number. */
export interface Comment extends tables.CommentRow {
  readonly id: CommentId;
}

/** A label with its number. */
export interface Label extends tables.LabelRow {
  readonly id: LabelId;
}

/** Typed reads over issues in the state at one height. */
export class IssueState {
  readonly #reader: StateReader;

  constructor(reader: StateReader) {
    this.#reader = reader;
  }

  issue(key: tables.IssueKey): Issue | undefined {
    const row = readRow(this.#reader, tables.issueTable, key);
    return row === undefined ? undefined : { ...key, ...row };
  }

  comment(id: CommentId): Comment | undefined {
    const row = readRow(this.#reader, tables.commentTable, id);
    return row === undefined ? undefined : { id, ...row };
  }

  /** The labels that an issue has and that still exist. */
  *labelsOf(key: tables.IssueKey): Iterable<Label> {
    for (const [{ label }] of scanRows(this.#reader, tables.issueLabelTable, {
      within: encode(tables.issueKeyCodec, key),
    })) {
      const row = this.label(key.repository, label);
      if (row !== undefined) yield row;
    }
  }

  /** Who is to work on an issue, by ascending number. */
  *assigneesOf(key: tables.IssueKey): Iterable<AccountId> {
    const within = encode(tables.issueKeyCodec, key);
    for (const [{ account }] of scanRows(this.#reader, tables.issueAssigneeTable, { within })) yield account;
  }

  label(repository: RepositoryId, label: LabelId): Label | undefined {
    const row = readRow(this.#reader, tables.labelTable, { repository, label });
    return row === undefined ? undefined : { id: label, ...row };
  }

  findLabel(repository: RepositoryId, name: LabelName): Label | undefined {
    const id = readRow(this.#reader, tables.labelNameTable, { repository, name: foldLabelName(name) });
    return id === undefined ? undefined : this.label(repository, id);
  }

  /** A repository's labels by ascending number. */
  *labels(repository: RepositoryId): Iterable<Label> {
    const within = encode(repositoryIdCodec, repository);
    for (const [{ label }, row] of scanRows(this.#reader, tables.labelTable, { within })) yield { id: label, ...row };
  }

  reaction(key: tables.ReactionKey): tables.ReactionRow | undefined {
    return readRow(this.#reader, tables.reactionTable, key);
  }

  milestone(repository: RepositoryId, milestone: MilestoneNumber): tables.MilestoneRow | undefined {
    return readRow(this.#reader, tables.milestoneTable, { repository, milestone });
  }
}
