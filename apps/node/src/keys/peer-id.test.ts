import { fromHex, nodeIdOf, parsePrivateSeed, parsePublicKey, publicKeyOf } from "@guts/primitives";
import { expect, test } from "vitest";

import { peerAddressOf, peerIdOf } from "./peer-id.ts";

test("is the peer id that libp2p's specification gives for its example key", () => {
  const publicKey = parsePublicKey(fromHex("1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e")!)!;
  expect(peerIdOf(nodeIdOf(publicKey))).toBe("12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq");
});

test("always has the 52 characters of an Ed25519 key, and stands at the end of an address", () => {
  for (const byte of [0, 1, 255]) {
    const nodeId = nodeIdOf(publicKeyOf(parsePrivateSeed(new Uint8Array(32).fill(byte))!));
    expect(peerIdOf(nodeId)).toMatch(/^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/);
    expect(peerAddressOf(nodeId, "/ip4/127.0.0.1/tcp/3003")).toBe(`/ip4/127.0.0.1/tcp/3003/p2p/${peerIdOf(nodeId)}`);
  }
});
