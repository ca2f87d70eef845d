import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createLogger } from "./logger.ts";

const file = join(mkdtempSync(join(tmpdir(), "guts-log-")), "node.log");
const logger = createLogger({ nodeName: "n", level: "info", file, alsoToStderr: false });

test("writes JSON lines with the node's name, at once, for its owner only", () => {
  logger.child({ component: "http" }).info({ height: 7 }, "applied");
  const line = JSON.parse(readFileSync(file, "utf8").trimEnd().split("\n").at(-1)!) as Record<string, unknown>;
  expect(line).toMatchObject({ node: "n", component: "http", height: 7, msg: "applied" });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("keeps secrets out, however deep a request carries them", () => {
  logger.info({ req: { headers: { authorization: "Bearer guts_abc" } }, password: "hunter2", token: "guts_abc" }, "x");
  expect(readFileSync(file, "utf8")).not.toMatch(/guts_abc|hunter2/);
});

test("writes nothing below its level", () => {
  logger.debug("quiet words");
  expect(readFileSync(file, "utf8")).not.toContain("quiet words");
});
