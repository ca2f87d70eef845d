import type { ObjectFormat, ObjectId } from "@guts/primitives";
import { parseObjectId } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import { excerptOf } from "./byte-string.ts";
import { capabilityValue, type Capabilities } from "./capabilities.ts";

/**
 * Checks that a client names objects as the repository does; `absent` is what a client means that does not say.
 *
 * That is sha1 in version 2 and in a push (gitprotocol-capabilities, `object-format`). A fetch in version 0 or 1 never
 * says it: its ids alone tell. Throws `object-format-mismatch`.
 */
export function assertObjectFormat(capabilities: Capabilities, expected: ObjectFormat, absent: ObjectFormat): void {
  const found = capabilityValue(capabilities, "object-format") ?? absent;
  if (found !== expected) throw new GitWireError("object-format-mismatch", { expected, found: excerptOf(found) });
}

/** An object id as it stands on the wire. Throws `object-id-invalid`; upper case is not accepted. */
export function readObjectId(text: string, objectFormat: ObjectFormat): ObjectId {
  const id = parseObjectId(text, objectFormat);
  if (id === undefined) throw new GitWireError("object-id-invalid", { excerpt: excerptOf(text), objectFormat });
  return id;
}
