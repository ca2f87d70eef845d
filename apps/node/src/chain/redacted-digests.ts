import { decode, type Digest } from "@guts/primitives";
import { KINDS } from "@guts/ledger";

/** The digests that a `content.redact` payload erases. */
export function redactedDigests(payload: Uint8Array): readonly Digest[] {
  return decode(KINDS["content.redact"].payload, payload).digests;
}
