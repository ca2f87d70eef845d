import { Counter, Histogram } from "prom-client";

import type { PackTransfer } from "../ports/index.ts";
import type { Metrics } from "./metrics.ts";

/** Packs between nodes: how many attempts with which end, their bytes and their time. Labels are few and closed. */
export function addTransferMetrics({ registry }: Metrics): (transfer: PackTransfer) => void {
  const registers = [registry];
  const ended = new Counter({
    name: "guts_pack_transfers_total",
    help: "Attempts to move a pack between nodes, by how they ended; the way stream is the fallback of tls",
    labelNames: ["direction", "way", "outcome"],
    registers,
  });
  const resumed = new Counter({
    name: "guts_pack_transfers_resumed_total",
    help: "Attempts that went on where an earlier one had broken off",
    labelNames: ["direction"],
    registers,
  });
  const bytes = new Counter({
    name: "guts_pack_transfer_bytes_total",
    help: "Bytes of packs moved between nodes, those of broken attempts included",
    labelNames: ["direction", "way"],
    registers,
  });
  const seconds = new Histogram({
    name: "guts_pack_transfer_seconds",
    help: "Time of a complete transfer of a pack between nodes",
    labelNames: ["direction"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
    registers,
  });
  return (transfer) => {
    const { direction, way, outcome } = transfer;
    ended.inc({ direction, way, outcome });
    bytes.inc({ direction, way }, transfer.bytes);
    if (transfer.isResumed) resumed.inc({ direction });
    if (outcome === "complete") seconds.observe({ direction }, transfer.seconds);
  };
}
