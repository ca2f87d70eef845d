import { expect, test } from "vitest";
import { arrayOf } from "./array-parameter.ts";

test.each([
  [[], "{}"],
  [[1, null, -2], "{1,NULL,-2}"],
  [[true, undefined], "{true,NULL}"],
  [["NULL", "", "a,b", "{}", " "], `{"NULL","","a,b","{}"," "}`],
  [[`say "no"`, String.raw`C:\new`], String.raw`{"say \"no\"","C:\\new"}`],
  [[Uint8Array.of(0, 0x5c, 0xff), new Uint8Array()], String.raw`{"\\x005cff","\\x"}`],
])("%j is written %s", (values, text) => {
  expect(arrayOf(values)).toBe(text);
});
