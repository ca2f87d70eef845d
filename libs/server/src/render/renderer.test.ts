import { expect, onTestFinished, test } from "vitest";

import { renderLimits } from "../limits.ts";
import { createRenderPool } from "./render-pool.ts";
import { createRenderer } from "./renderer.ts";

test("renders in a worker thread", async () => {
  const renderer = createRenderer();
  onTestFinished(() => renderer[Symbol.asyncDispose]());
  const file = await renderer.highlight({ id: "1", path: "a.json", text: '{"a": 1}\n' });
  expect(file.language).toBe("json");
  expect(file.lines[0]).toContain("pl-");
});

test("what takes too long is shown plain, and the next file is rendered", async () => {
  const failures: string[] = [];
  const pool = createRenderPool({ timeoutMs: 1, onFailure: (reason) => failures.push(reason) });
  onTestFinished(() => pool[Symbol.asyncDispose]());
  const text = "> ".repeat(2000) + "x\n" + "[".repeat(5000);
  const links = { blob: "/b", raw: "/r", directory: "" };
  expect(await pool.render({ type: "markdown", text, links })).toBeUndefined();
  expect(failures).toEqual(["timeout"]);
});

test("a file above the limit is escaped and not highlighted", async () => {
  const renderer = createRenderer();
  onTestFinished(() => renderer[Symbol.asyncDispose]());
  const text = `${"<x>".repeat(10)}\n`.repeat(Math.ceil(renderLimits.highlightBytesMax / 31));
  const file = await renderer.highlight({ id: "1", path: "a.html", text });
  expect(file.language).toBeNull();
  expect(file.lines[0]).toBe("&lt;x&gt;".repeat(10));
});
