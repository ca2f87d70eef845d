import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvariantViolation } from "./assert.ts";
import { toHex } from "./bytes.ts";
import { encodeRecoveryCode, parseRecoveryCode, recoveryEntropyLength, rootSeedOf } from "./recovery-code.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const entropies = fc.uint8Array({ minLength: recoveryEntropyLength, maxLength: recoveryEntropyLength });
const code = encodeRecoveryCode(new Uint8Array(recoveryEntropyLength).map((_, index) => 7 * index));

test("is eight groups of four of Crockford's characters", () => {
  fc.assert(
    fc.property(entropies, (entropy) => {
      expect(encodeRecoveryCode(entropy)).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
    }),
  );
});

test("stands for one seed, however it is written down", () => {
  fc.assert(
    fc.property(entropies, fc.array(fc.constantFrom(" ", "-", "\n", "")), (entropy, noise) => {
      const standard = encodeRecoveryCode(entropy);
      const sloppy = Array.from(standard.toLowerCase().replaceAll("-", "").replaceAll("0", "o").replaceAll("1", "l"))
        .map((character, index) => character + (noise[index % Math.max(1, noise.length)] ?? ""))
        .join("");
      expect(parseRecoveryCode(sloppy)).toBe(standard);
    }),
  );
});

describe("a mistake is noticed:", () => {
  const characters = Array.from(code.replaceAll("-", ""));
  const withAt = (index: number, character: string) => characters.with(index, character).join("");

  test("any one character", () => {
    const undetected = characters.flatMap((right, index) =>
      Array.from(alphabet).filter((wrong) => wrong !== right && parseRecoveryCode(withAt(index, wrong)) !== undefined),
    );
    expect(undetected).toEqual([]);
  });

  test("any two neighbours exchanged", () => {
    for (let index = 1; index < characters.length; index++) {
      const [left, right] = [characters[index - 1]!, characters[index]!];
      const swapped = characters
        .with(index - 1, right)
        .with(index, left)
        .join("");
      if (left !== right) expect(parseRecoveryCode(swapped)).toBeUndefined();
    }
  });

  test.each([
    ["a character too few", code.slice(0, -1)],
    ["a character too many", `${code}0`],
    ["a letter that is none", `U${code.slice(1)}`],
    ["nothing", ""],
    ["a character whose capital is a letter", `ſ${code.slice(1)}`],
    ["a digit of another script", `٠${code.slice(1)}`],
  ])("%s", (_what, text) => expect(parseRecoveryCode(text)).toBeUndefined());
});

test("gives the seed that the fixture fixes", () => {
  expect([code, toHex(rootSeedOf(code))]).toMatchInlineSnapshot(`
    [
      "003G-W58W-4CN3-2E1Z-8S6N-8PV2-D5R7-EZJW",
      "6b382b92e7e2dc5621855ef49e5e66462899c094591d42569868d48994ebfae6",
    ]
  `);
});

test("is never made of another number of bytes", () => {
  expect(() => encodeRecoveryCode(new Uint8Array(17))).toThrow(InvariantViolation);
  expect(() => rootSeedOf("nonsense" as never)).toThrow(InvariantViolation);
});
