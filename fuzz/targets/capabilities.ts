/** A list that was read is written and read again as it was; a side-band and a version are found in any list. */
import {
  formatCapabilities,
  negotiatedSideBand,
  parseCapabilities,
  parseProtocolVersion,
  toByteString,
} from "@guts/git";
import { isSame } from "../engine/framing.ts";

export const dictionary = [
  "side-band-64k",
  "side-band",
  "agent=git/2.39.5",
  "symref=HEAD:refs/heads/main",
  "version=2",
  ":",
  "=",
  " ",
];

export function fuzz(bytes: Uint8Array): void {
  const text = toByteString(bytes);
  parseProtocolVersion(text);
  const list = parseCapabilities(text);
  negotiatedSideBand(list);
  if (!isSame(parseCapabilities(formatCapabilities(list)), list)) throw new Error("a list does not round-trip");
}
