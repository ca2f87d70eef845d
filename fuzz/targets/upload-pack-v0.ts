/** A v0 request that was read, in sha1 or sha256, is written in a canonical form that reads as the same request. */
import { decodeUploadPackRequest, encodeUploadPackRequest } from "@guts/git";
import { frame, isSame } from "../engine/framing.ts";

const [one, two] = ["1".repeat(40), "2".repeat(64)];

export const dictionary = [
  ...[`want ${one}`, `have ${one}`, `shallow ${one}`, `want ${two}`, `have ${two}`, "deepen 1", "deepen-since 1"],
  ...["deepen-not v1", "filter blob:none", "filter tree:0", "filter combine:tree:1+blob:none", "done", "\n0000\n"],
  ...[" side-band-64k", " filter", " deepen-relative", " object-format=sha256", " agent=git/2.39.5"],
];

export function fuzz(bytes: Uint8Array): void {
  const body = frame(bytes);
  const format = body.length % 2 === 0 ? "sha1" : "sha256";
  const request = decodeUploadPackRequest(body, format);
  const canonical = encodeUploadPackRequest(request);
  if (!isSame(decodeUploadPackRequest(canonical, format), request)) throw new Error("a request does not round-trip");
}
