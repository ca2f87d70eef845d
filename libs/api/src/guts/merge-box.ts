import { Type, type Static } from "typebox";

import { defineRoutes } from "../route.ts";
import { Nullable, ObjectIdText } from "../schema.ts";

/** What stands between a pull request and its base: conflicts as this node's git finds them, and rules for the one who asks. */
export const MergeBox = Type.Object(
  {
    /** Null while this node is computing it. */
    isMergeable: Nullable(Type.Boolean()),
    head: ObjectIdText(),
    base: Nullable(ObjectIdText()),
    conflicts: Type.Array(Type.Object({ path: Type.String(), reasons: Type.Array(Type.String()) })),
    conflictCount: Type.Integer(),
    /** Why git does not merge the two apart from conflicts, as a code. */
    problem: Nullable(Type.String()),
    /** Whether the asker may merge now; what is missing otherwise, and who can do something about it. */
    mayMerge: Type.Boolean(),
    unmet: Type.Array(Type.Object({ code: Type.String(), what: Type.String(), who: Type.String() })),
  },
  { title: "MergeBox" },
);
export type MergeBox = Static<typeof MergeBox>;

/** Merge boxes. */
export const mergeBoxRoutes = defineRoutes({
  "GET /api/guts/repos/{owner}/{repo}/pulls/{pull_number}/merge-box": {
    operationId: "pulls/merge-box",
    summary: "Whether a pull request can be merged, and every reason why not",
    access: "anyone",
    responses: { 200: MergeBox },
  },
});
