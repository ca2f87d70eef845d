import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";

import { KeptAnswer } from "./kept-answer.ts";

test("an answer is compressed once somebody has asked for it so", async () => {
  const answer = new KeptAnswer(Buffer.from("refs/heads/topic\n".repeat(1_000)));
  expect(answer.compressed()).toBeUndefined();
  await expect.poll(() => answer.compressed()).toBeDefined();
  const compressed = answer.compressed()!;
  expect(compressed.length).toBeLessThan(answer.plain.length);
  expect(Buffer.compare(gunzipSync(compressed), answer.plain)).toBe(0);
  expect(answer.compressed()).toBe(compressed);
});

test("what is small stays as it is", async () => {
  const answer = new KeptAnswer(Buffer.from("0000"));
  answer.compressed();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(answer.compressed()).toBeUndefined();
});
