import type { HostUrl } from "../config/host-name.ts";
import type { SeenHeights } from "../config/seen-heights.ts";

type Fetch = typeof globalThis.fetch;

/** A `fetch` of one node that asks for no older state than this person has seen, and notes what the answers say. */
export function heightFetch(fetch: Fetch, host: HostUrl, seen: SeenHeights): Fetch {
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    const height = await seen.heightFor(host);
    if (height !== undefined && !headers.has("x-guts-min-height")) headers.set("x-guts-min-height", String(height));
    const answer = await fetch(input, { ...init, headers });
    await note(answer.headers, host, seen);
    return answer;
  };
}

async function note(headers: Headers, host: HostUrl, seen: SeenHeights): Promise<void> {
  const network = headers.get("x-guts-network");
  if (network === null) return;
  await seen.noteHost(host, network);
  const height = headers.get("x-guts-height");
  if (height !== null) await seen.noteHeight(network, Number(height));
}
