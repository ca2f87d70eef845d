/** Statuses of commits: what somebody's checks say, and what protection rules ask for. */
import { objectIdLength, option, repositoryIdCodec, struct, text, u64 } from "@guts/primitives";
import { contentRefCodec } from "../content.ts";
import { applied, boundedRefs, defineKind, rejected, repositoryScope } from "../kind.ts";
import {
  statusContextBytesMax,
  statusContextsPerCommitMax,
  statusesPerContextMax,
  statusTextBytesMax,
} from "../limits.ts";
import { nextNumber } from "../numbering.ts";
import { openRepository } from "../repository-act.ts";
import { readRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";

/** Says what a check found of a commit. The newest word of a context counts; earlier ones stay in the event log. */
export const statusSet = defineKind({
  tag: 180,
  payload: struct({
    repository: repositoryIdCodec,
    commit: tables.objectIdCodec,
    context: text(statusContextBytesMax),
    state: tables.statusStateCodec,
    description: option(contentRefCodec),
    targetUrl: option(contentRefCodec),
  }),
  result: struct({ number: u64 }),
  authority: "any",
  contents: ({ description, targetUrl }) => boundedRefs([description, targetUrl], statusTextBytesMax),
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id, commit, context: name, ...said }) => {
    const opened = openRepository(context, id, "set-status");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { state, actor: creator, time } = context;
    if (commit.length !== objectIdLength(opened.repository.objectFormat)) return rejected("object-format-mismatch");
    if (name === "") return rejected("nothing-to-do");
    const key = { repository: id, commit, context: name };
    const before = readRow(state, tables.commitStatusTable, key);
    if (before === undefined) {
      const contexts = readRow(state, tables.statusContextsTable, { repository: id, commit }) ?? 0;
      if (contexts >= statusContextsPerCommitMax) return rejected("status-limit");
      writeRow(state, tables.statusContextsTable, { repository: id, commit }, contexts + 1);
    } else if (before.count >= statusesPerContextMax) return rejected("status-limit");
    const number = nextNumber(state, "commitStatus");
    writeRow(state, tables.commitStatusTable, key, { number, ...said, creator, time, count: (before?.count ?? 0) + 1 });
    return applied({ number });
  },
});
