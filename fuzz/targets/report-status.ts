/** A report that was read is written and read again as it was, bare and in a side-band. */
import {
  decodePktLines,
  decodeReportStatus,
  demultiplexSideBand,
  encodePushResponse,
  encodeReportStatus,
  receivePackFeatures,
} from "@guts/git";
import { equalBytes } from "@guts/primitives";
import { frame, isSame } from "../engine/framing.ts";

const features = receivePackFeatures([
  { name: "report-status-v2", value: undefined },
  { name: "side-band", value: undefined },
]);

export const dictionary = [
  ...["unpack ok", "unpack index-pack failed", "ok refs/heads/a", "ng refs/heads/b non-fast-forward", "\n0000"],
  ...["option refname refs/heads/c", `option old-oid ${"0".repeat(40)}`, `option new-oid ${"1".repeat(40)}`],
  ...["option forced-update"],
];

export function fuzz(bytes: Uint8Array): void {
  const report = decodeReportStatus(frame(bytes), "sha1");
  const encoded = encodeReportStatus(report, 2);
  const { data } = demultiplexSideBand(decodePktLines(encodePushResponse(report, features)));
  if (!equalBytes(data, encoded)) throw new Error("the side-band changes a report");
  const again = decodeReportStatus(encoded, "sha1");
  if (!isSame(encodeReportStatus(again, 2), encoded)) throw new Error("a report does not round-trip");
}
