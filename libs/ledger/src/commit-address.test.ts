import { parseHandle, type AccountId, type Digest } from "@guts/primitives";
import { expect, test } from "vitest";
import { commitAddressOf, parseCommitAddress } from "./commit-address.ts";

const network = new Uint8Array(32).fill(0xab) as Digest;
const other = new Uint8Array(32).fill(0xcd) as Digest;
const ada = { id: 7 as AccountId, handle: parseHandle("ada")! };

test("an address names its account, whatever the handle was or its letters", () => {
  const address = commitAddressOf(network, ada);
  expect(address).toBe("7+ada@abababababababab.guts.invalid");
  for (const each of [address, address.toUpperCase(), address.replace("ada", "lovelace")])
    expect(parseCommitAddress(network, each)).toBe(7);
});

test.each([
  commitAddressOf(other, ada),
  "7+ada@users.noreply.github.com",
  "ada@abababababababab.guts.invalid",
  "07+ada@abababababababab.guts.invalid",
  "0+ada@abababababababab.guts.invalid",
  "7+ada@abababababababab.guts.invalid.example",
  "7+ada@x@abababababababab.guts.invalid",
  "",
])("%j names no account of the network", (address) => expect(parseCommitAddress(network, address)).toBeUndefined());
