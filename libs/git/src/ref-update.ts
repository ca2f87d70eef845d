import { isZeroObjectId, type ObjectId, type RefName } from "@guts/primitives";

/** One command of a push: the ref moves from `oldId` to `newId`. The zero id stands for "no such ref". */
export interface RefUpdate {
  readonly name: RefName;
  readonly oldId: ObjectId;
  readonly newId: ObjectId;
}

/** Whether a ref update makes, moves or removes its ref. At most one of its ids is zero. */
export function refUpdateKind(update: RefUpdate): "create" | "update" | "delete" {
  if (isZeroObjectId(update.newId)) return "delete";
  return isZeroObjectId(update.oldId) ? "create" : "update";
}
