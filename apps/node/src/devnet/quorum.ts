import { setTimeout as delay } from "node:timers/promises";

import { createClient, type ApiOutput } from "@guts/api/client";

import type { NodePlace } from "./layout.ts";

const pollMs = 50;

/** Waits until every part of every node is ready and all are connected: a network that lacks somebody now would not miss it later. */
export async function untilQuorum(places: readonly NodePlace[], signal: AbortSignal): Promise<void> {
  await Promise.all(
    places.map(async ({ httpUrl }) => {
      const client = createClient({ baseUrl: httpUrl });
      const isReady = async () =>
        isWhole(await client.call("GET /api/guts/network", { signal })) &&
        (await client.call("GET /api/guts/status", { signal })).isReady;
      while (!(await isReady())) await delay(pollMs, undefined, { signal });
    }),
  );
}

function isWhole({ quorum, sync }: ApiOutput<"GET /api/guts/network">): boolean {
  return quorum.upCount === quorum.validatorCount && sync.state === "current";
}

/** Waits until every node has applied this height. */
export async function untilHeight(places: readonly NodePlace[], height: number, signal: AbortSignal): Promise<void> {
  await Promise.all(
    places.map(({ httpUrl }) =>
      createClient({ baseUrl: httpUrl }).call("GET /api/guts/network", { minHeight: height, signal }),
    ),
  );
}
