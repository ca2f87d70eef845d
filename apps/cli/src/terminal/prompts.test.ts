import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { openClackPrompts, type Prompts } from "./prompts.ts";

async function typing(keys: string, question: (prompts: Prompts) => Promise<unknown>) {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = "";
  output.setEncoding("utf8").on("data", (text: string) => (shown += text));
  const prompts = await openClackPrompts(input, output, new AbortController().signal);
  const answer = question(prompts).catch((error: unknown) => error);
  for (const key of keys) input.write(key);
  return { answer: await answer, shown };
}

test("reads a text", async () => {
  const { answer } = await typing("hello\r", async (prompts) => await prompts.text({ message: "Name" }));
  expect(answer).toBe("hello");
});

test("does not show a secret", async () => {
  const { answer, shown } = await typing("hunter2\r", async (prompts) => await prompts.secret({ message: "Password" }));
  expect(answer).toBe("hunter2");
  expect(shown).toContain("Password");
  expect(shown).not.toContain("hunter2");
});

test("takes an empty answer where the check allows it", async () => {
  const question = { message: "Password (empty for none)", check: () => undefined };
  expect((await typing("\r", async (prompts) => await prompts.secret(question))).answer).toBe("");
});

test("asks on until the check is satisfied", async () => {
  const check = (answer: string) => (answer === "ab" ? undefined : "Type ab.");
  const { answer, shown } = await typing("a\rb\r", async (prompts) => await prompts.text({ message: "Say ab", check }));
  expect(answer).toBe("ab");
  expect(shown).toContain("Type ab.");
});

test("confirms and selects", async () => {
  expect((await typing("y", async (prompts) => await prompts.confirm("Sure?", false))).answer).toBe(true);
  const choices = [
    { value: "a", label: "A" },
    { value: "b", label: "B" },
  ] as const;
  expect((await typing("j\r", async (prompts) => await prompts.select("Which?", choices))).answer).toBe("b");
});

test("is cancelled by Ctrl-C", async () => {
  const { answer } = await typing("\u0003", async (prompts) => await prompts.text({ message: "Name" }));
  expect(answer).toMatchObject({ code: "cancelled" });
});
