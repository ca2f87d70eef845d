import { describe, expect, test } from "vitest";
import { decode, DecodeError, encode, u64 } from "./codec.ts";
import {
  nodeIdCodec,
  nodeIdOf,
  parseAccountId,
  parseHeight,
  parseNodeId,
  parseRepositoryId,
  parseTeamId,
  parseTimeMs,
  publicKeyOfNode,
  timeCodec,
  timeMsMax,
} from "./ids.ts";
import { parsePrivateSeed, publicKeyOf } from "./signature.ts";

test.each([parseAccountId, parseRepositoryId, parseTeamId])(
  "numbers of things begin at 1 and are safe integers",
  (parse) => {
    expect(parse(1)).toBe(1);
    expect(parse(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
    for (const value of [0, -1, 1.5, Number.NaN, 2 ** 53]) expect(parse(value)).toBeUndefined();
  },
);

test("heights begin at 0", () => {
  expect(parseHeight(0)).toBe(0);
  expect(parseHeight(-1)).toBeUndefined();
});

describe("times", () => {
  test("end with the year 9999", () => {
    expect(new Date(timeMsMax).toISOString()).toBe("9999-12-31T23:59:59.999Z");
    expect(parseTimeMs(timeMsMax)).toBe(timeMsMax);
    expect(parseTimeMs(timeMsMax + 1)).toBeUndefined();
  });

  test("are refused in bytes one millisecond later", () => {
    expect(decode(timeCodec, encode(u64, timeMsMax))).toBe(timeMsMax);
    expect(() => decode(timeCodec, encode(u64, timeMsMax + 1))).toThrow(DecodeError);
  });
});

describe("node ids", () => {
  const key = publicKeyOf(parsePrivateSeed(new Uint8Array(32).fill(1))!);

  test("are the key in lower-case hexadecimal", () => {
    expect(nodeIdOf(key)).toBe(Buffer.from(key).toString("hex"));
    expect(publicKeyOfNode(nodeIdOf(key))).toEqual(key);
    expect(encode(nodeIdCodec, nodeIdOf(key))).toEqual(new Uint8Array(key));
  });

  test.each(["", "00", "A".repeat(64), "0".repeat(63), "0".repeat(65), `${"0".repeat(64)}\n`])("%j is none", (text) => {
    expect(parseNodeId(text)).toBeUndefined();
  });
});
