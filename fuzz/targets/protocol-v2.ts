/** A v2 fetch that was read is written in a canonical form that reads as the same fetch; ls-refs is answered. */
import { parseRefName, zeroObjectId } from "@guts/primitives";
import { decodeProtocolV2Request, encodeFetchRequest, joinBytes, decodePktLines, RefAdvertisement } from "@guts/git";
import { frame, isSame } from "../engine/framing.ts";

const one = "1".repeat(40);
const options = { objectFormat: "sha1", features: { filter: true, refInWant: true, sidebandAll: true } } as const;
const [main, tag] = [parseRefName("refs/heads/main")!, parseRefName("refs/tags/v1")!];
const id = zeroObjectId("sha1");
const refs = new RefAdvertisement({
  objectFormat: "sha1",
  head: { target: main },
  refs: [main, tag].map((name) => ({ name, id, peeled: name === tag ? id : undefined })),
});

export const dictionary = [
  ...[
    "command=fetch",
    "command=ls-refs",
    "agent=git/2.39.5",
    "object-format=sha1",
    "server-option=x",
    "\n0001\n",
    "\n0000\n",
  ],
  ...[
    "peel",
    "symrefs",
    "unborn",
    "ref-prefix refs/heads/",
    "ref-prefix HEAD",
    `want ${one}`,
    `have ${one}`,
    `shallow ${one}`,
  ],
  ...["want-ref refs/heads/main", "deepen 1", "deepen-since 1", "deepen-not v1", "deepen-relative", "filter blob:none"],
  ...["filter combine:tree%3A1+blob:limit=1k", "thin-pack", "no-progress", "include-tag", "ofs-delta", "sideband-all"],
  ...["wait-for-done", "done"],
];

export function fuzz(bytes: Uint8Array): void {
  const request = decodeProtocolV2Request(frame(bytes), options);
  if (request.command === "ls-refs") {
    const lines = [...decodePktLines(joinBytes(refs.lsRefs(request.lsRefs)))];
    if (lines.at(-1)?.type !== "flush" || lines.length > 4) throw new Error("ls-refs is answered with too much");
  }
  if (request.command !== "fetch") return;
  const again = decodeProtocolV2Request(encodeFetchRequest(request.fetch, "sha1"), options);
  // Flags stand in the canonical order; a set prints in the order of its making.
  const sorted = (fetch: typeof request.fetch) => ({ ...fetch, flags: [...fetch.flags].toSorted() });
  if (again.command !== "fetch" || !isSame(sorted(again.fetch), sorted(request.fetch)))
    throw new Error("a fetch does not round-trip");
}
