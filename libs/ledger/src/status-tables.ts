/** Entries of commit statuses, version 1: what somebody's checks say of a commit. */
import {
  accountIdCodec,
  oneOf,
  option,
  repositoryIdCodec,
  restText,
  struct,
  timeCodec,
  u32,
  u64,
  type Decoded,
} from "@guts/primitives";
import { contentRefCodec } from "./content.ts";
import { statusContextBytesMax } from "./limits.ts";
import { defineTable } from "./table.ts";
import { objectIdCodec } from "./ref-codecs.ts";

/** What a status says: GitHub's four words. */
export const statusStateCodec = oneOf({ success: 1, pending: 2, failure: 3, error: 4 });
/** What a status says. */
export type StatusState = Decoded<typeof statusStateCodec>;

/** The newest status of each context of a commit; a context is the name of a check. Whether the repository has the commit, doors ask. */
export const commitStatusTable = defineTable("commit-status", 0x86, {
  key: struct({ repository: repositoryIdCodec, commit: objectIdCodec, context: restText(statusContextBytesMax) }),
  value: struct({
    number: u64,
    state: statusStateCodec,
    description: option(contentRefCodec),
    targetUrl: option(contentRefCodec),
    creator: accountIdCodec,
    time: timeCodec,
    /** How many statuses this context has had on this commit. */
    count: u32,
  }),
});
/** Such a row. */
export type CommitStatusRow = Decoded<(typeof commitStatusTable)["value"]>;

/** How many contexts a commit has. */
export const statusContextsTable = defineTable("status-contexts", 0x87, {
  key: struct({ repository: repositoryIdCodec, commit: objectIdCodec }),
  value: u32,
});
