import { expect, test } from "vitest";
import { bytes, decode, encode, list } from "./codec.ts";

test("encodes more than the first buffer holds", () => {
  const codec = list(bytes(1000), 10);
  const value = [new Uint8Array(200).fill(1), new Uint8Array(900).fill(2), new Uint8Array(1).fill(3)];
  expect(decode(codec, encode(codec, value))).toEqual(value);
});
