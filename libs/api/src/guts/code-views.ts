import { Type, type Static } from "typebox";

import { defineRoutes } from "../route.ts";
import { Nullable, ObjectIdText, OneOf } from "../schema.ts";
import { CommitSummary, DiffFile, ResolvedRef } from "./views.ts";

/** Lines that one commit brought. `previous` is the file before it, to go on from there. */
const BlameRange = Type.Object({
  commit: ObjectIdText(),
  firstLine: Type.Integer(),
  lineCount: Type.Integer(),
  previous: Nullable(Type.Object({ commit: ObjectIdText(), path: Type.String() })),
});

/**
 * Who brought each line of a file. `lines` is HTML, null where the file is no text that is shown. `ignoring` says what became of
 * `.git-blame-ignore-revs`: there is `none`, its commits were passed `over`, or the viewer asked to see them (`off`).
 */
export const BlameView = Type.Object(
  {
    ref: ResolvedRef,
    path: Type.String(),
    lines: Nullable(Type.Array(Type.String())),
    ranges: Type.Array(BlameRange),
    commits: Type.Array(CommitSummary),
    ignoring: OneOf("none", "over", "off"),
  },
  { title: "BlameView" },
);
export type BlameView = Static<typeof BlameView>;

/**
 * What the head has that the base has not. `isDirect` compares the two as they are, else the head with where they parted. Of many
 * commits the newest are listed.
 */
export const CompareView = Type.Object(
  {
    base: ResolvedRef,
    head: ResolvedRef,
    mergeBase: ObjectIdText(),
    isDirect: Type.Boolean(),
    aheadBy: Type.Integer(),
    behindBy: Type.Integer(),
    commits: Type.Array(CommitSummary),
    files: Type.Array(DiffFile),
    additions: Type.Integer(),
    deletions: Type.Integer(),
    isTruncated: Type.Boolean(),
  },
  { title: "CompareView" },
);
export type CompareView = Static<typeof CompareView>;

/** Pages that look at code from further away than one commit. */
export const codeViewRoutes = defineRoutes({
  "GET /api/guts/view/repos/{owner}/{repo}/blame/{+ref_path}": {
    operationId: "views/blame",
    summary: "Who brought each line of a file",
    access: "anyone",
    query: Type.Object({ ignore: Type.Optional(OneOf("off")) }),
    responses: { 200: BlameView },
  },
  "GET /api/guts/view/repos/{owner}/{repo}/compare/{+range}": {
    operationId: "views/compare",
    summary:
      "What one branch, tag or commit has that another has not, as `BASE...HEAD`, or `BASE..HEAD` for the two as they are",
    access: "anyone",
    responses: { 200: CompareView },
  },
});
