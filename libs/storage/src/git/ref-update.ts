import type { ObjectId, RefName } from "@guts/primitives";

/** One command of a push: the ref moves from `oldId` to `newId`. The zero id stands for "no such ref". */
export interface RefUpdate {
  readonly name: RefName;
  readonly oldId: ObjectId;
  readonly newId: ObjectId;
}
