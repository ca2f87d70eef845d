import type { ApiClient } from "@guts/api/client";
import { expect } from "vitest";

import { catchUpMs } from "./members.ts";

/** Whom to ask for lists. */
export interface RowsPlace {
  readonly url: string;
  readonly client: ApiClient;
}

/** Questions that are answered from the read model. */
const questions: readonly ((client: ApiClient) => Promise<unknown>)[] = [
  (client) => client.call("GET /api/v3/users", { query: { per_page: 100 } }),
  (client) => client.call("GET /api/v3/repositories", {}),
  ...["maintainer", "contributor"].flatMap((username) => [
    (client: ApiClient) => client.call("GET /api/v3/users/{username}", { path: { username } }),
    (client: ApiClient) => client.call("GET /api/v3/users/{username}/repos", { path: { username } }),
  ]),
];

/** What the lists of `ours` say otherwise than those of `theirs`, once `ours` stand for this height. Nothing must be written meanwhile. */
export async function findRowDifferences(
  theirs: RowsPlace,
  ours: RowsPlace,
  height: number,
): Promise<readonly string[]> {
  for (const { client } of [theirs, ours]) await untilListed(client, height);
  const differences: string[] = [];
  for (const [index, ask] of questions.entries()) {
    const [expected, actual] = await Promise.all(
      [theirs, ours].map(async (place) => neutral(await ask(place.client), place)),
    );
    if (expected !== actual) differences.push(`question ${index}: ${expected} against ${actual}`);
  }
  return differences;
}

async function untilListed(client: ApiClient, height: number): Promise<void> {
  await expect
    .poll(async () => (await client.call("GET /api/guts/status", {})).readModelHeight, {
      timeout: catchUpMs,
      interval: 100,
    })
    .toBeGreaterThanOrEqual(height);
}

/** An answer without the address of who gave it. */
function neutral(answer: unknown, { url }: RowsPlace): string {
  return JSON.stringify(answer)
    .replaceAll(url, "")
    .replaceAll(new URL(url).host, "")
    .replaceAll(/ssh:\/\/git@[^/]+/g, "");
}
