/** One account that writes as fast as it can, through every node at once, with transactions that are all valid. */
import { randomBytes } from "node:crypto";

import { signCommand } from "@guts/ledger";

import type { Person } from "../harness/forge.ts";
import type { Members } from "./members.ts";

/** A transaction of an account as a block holds it. */
export interface Placed {
  readonly height: number;
  readonly index: number;
  readonly id: string;
  readonly outcome: string;
}

/**
 * Signs `count` transactions of a person's own key beforehand and posts them to all nodes in turn, all at once; what each answer
 * said. Who floods does not wait: an answer that takes longer than `patienceMs` is given up.
 */
export async function flood(
  members: Members,
  { rootSeed, login }: Person,
  { count, patienceMs }: { readonly count: number; readonly patienceMs: number },
): Promise<readonly string[]> {
  const network = await members.client(0).call("GET /api/guts/network", {});
  const account = (await members.client(0).call("GET /api/v3/users/{username}", { path: { username: login } })).id;
  const silent = { displayName: undefined, bio: undefined, location: undefined, website: undefined };
  const command = { kind: "account.update", payload: silent } as const;
  const envelopes = Array.from({ length: count }, () => {
    const idempotencyKey = Uint8Array.from(randomBytes(16));
    const terms = { ...network, timeMs: Date.parse(network.time), account, idempotencyKey };
    return Buffer.from(signCommand(command, terms, rootSeed)).toString("base64");
  });
  const signal = AbortSignal.timeout(patienceMs);
  return Promise.all(
    envelopes.map((envelope, index) =>
      members
        .client(index % members.count)
        .call("POST /api/guts/transactions", { body: { envelope }, signal })
        .then(({ outcome }) => outcome)
        .catch((error: { readonly reason?: string; readonly name: string }) => error.reason ?? error.name),
    ),
  );
}

/** Every transaction of an account in the blocks from `from` to `to`, as one node has them. */
export async function placesOf(
  members: Members,
  at: number,
  { login, from, to }: { readonly login: string; readonly from: number; readonly to: number },
): Promise<readonly Placed[]> {
  const placed: Placed[] = [];
  for (let height = from; height <= to; height++) {
    const path = { height: String(height) };
    const { transactions } = await members.client(at).call("GET /api/guts/blocks/{height}", { path });
    for (const { index, id, outcome, account } of transactions)
      if (account?.handle === login) placed.push({ height, index, id, outcome });
  }
  return placed;
}

/** Somebody's writes, one after the other at each node in turn, until the flood is over: for how many blocks each waited. */
export async function writeBeside(members: Members, login: string, until: AbortSignal): Promise<readonly number[]> {
  const waited: number[] = [];
  for (let round = 0; !until.aborted || round < members.count; round++) {
    const client = members.client(round % members.count, login);
    const { height: before } = await client.call("GET /api/guts/network", {});
    const { height } = await client.answer("PATCH /api/v3/user", { body: { location: `pier ${round}` } });
    waited.push(height! - before);
  }
  return waited;
}
