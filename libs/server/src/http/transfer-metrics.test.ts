import { expect, test } from "vitest";

import type { PackTransfer } from "../ports/index.ts";
import { createMetrics } from "./metrics.ts";
import { addTransferMetrics } from "./transfer-metrics.ts";

const whole: PackTransfer = {
  direction: "in",
  way: "tls",
  outcome: "complete",
  bytes: 1_000,
  seconds: 0.05,
  isResumed: false,
};

test("counts transfers of packs by direction, way and end, with their bytes and the time of the complete ones", async () => {
  const metrics = createMetrics();
  const count = addTransferMetrics(metrics);
  count(whole);
  count({ ...whole, direction: "out", outcome: "broken", bytes: 300 });
  count({ ...whole, direction: "out", way: "stream", bytes: 700, isResumed: true });
  count({ ...whole, direction: "out", outcome: "refused", bytes: 0 });
  const text = await metrics.registry.metrics();
  for (const line of [
    'guts_pack_transfers_total{direction="in",way="tls",outcome="complete"} 1',
    'guts_pack_transfers_total{direction="out",way="tls",outcome="broken"} 1',
    'guts_pack_transfers_total{direction="out",way="stream",outcome="complete"} 1',
    'guts_pack_transfers_total{direction="out",way="tls",outcome="refused"} 1',
    'guts_pack_transfers_resumed_total{direction="out"} 1',
    'guts_pack_transfer_bytes_total{direction="in",way="tls"} 1000',
    'guts_pack_transfer_bytes_total{direction="out",way="tls"} 300',
    'guts_pack_transfer_bytes_total{direction="out",way="stream"} 700',
    'guts_pack_transfer_seconds_count{direction="out"} 1',
    'guts_pack_transfer_seconds_bucket{le="0.1",direction="in"} 1',
  ])
    expect(text).toContain(line);
});
