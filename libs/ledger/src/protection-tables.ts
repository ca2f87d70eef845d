/** Entries of protection rules and of names that branches had, version 1. */
import {
  accountIdCodec,
  mapped,
  parseRefName,
  refNameBytesMax,
  repositoryIdCodec,
  restText,
  struct,
  text,
  timeCodec,
  u64,
  type Decoded,
  type RefName,
} from "@guts/primitives";
import { firstProtectionSettingsCodec, protectionHeadCodec, reviewActorsCodec } from "./protection-codec.ts";
import { defineTable } from "./table.ts";

/** Rules that protect branches and tags, by age: what each is about. */
export const protectionTable = defineTable("protection", 0x29, {
  key: struct({ repository: repositoryIdCodec, number: u64 }),
  value: protectionHeadCodec,
});

/** What each of those rules asks; apart from the table above, so that finding the rule of a ref reads little. */
export const protectionSettingsTable = defineTable("protection-settings", 0x2a, {
  key: struct({ repository: repositoryIdCodec, number: u64 }),
  value: struct({
    settings: firstProtectionSettingsCodec,
    setBy: accountIdCodec,
    createdTime: timeCodec,
    updatedTime: timeCodec,
  }),
});
/** Such a row. */
export type ProtectionSettingsRow = Decoded<(typeof protectionSettingsTable)["value"]>;

/** Whom those rules exempt from reviews, and who may dismiss them; no row where a rule says nothing of it. */
export const protectionActorsTable = defineTable("protection-actors", 0x2b, {
  key: struct({ repository: repositoryIdCodec, number: u64 }),
  value: reviewActorsCodec,
});

/** Names that branches had, and what each was renamed to. A row goes when a branch of its name is made. */
export const formerBranchTable = defineTable("former-branch", 0x2c, {
  key: struct({
    repository: repositoryIdCodec,
    name: mapped(restText(refNameBytesMax), parseRefName, (name: RefName) => name),
  }),
  value: mapped(text(refNameBytesMax), parseRefName, (name: RefName) => name),
});
