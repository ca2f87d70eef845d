import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

import { resolveWithin } from "./quick-resolve.ts";

const database = join(import.meta.dirname, "../../../libs/database/src/index.ts");
const entry = import.meta.resolve("drizzle-orm", `file://${database}`);

test("resolves what a module of the package imports from another one, and nothing else", () => {
  const parent = "file:///guts/node_modules/drizzle-orm/pg-core/table.js";
  expect(resolveWithin("../entity.js", parent)).toBe("file:///guts/node_modules/drizzle-orm/entity.js");
  expect(resolveWithin("./columns/char.js", parent)).toBe(
    "file:///guts/node_modules/drizzle-orm/pg-core/columns/char.js",
  );
  for (const specifier of ["postgres", "../../postgres/src/index.js", "./columns", "node:fs", "/entity.js"])
    expect(resolveWithin(specifier, parent)).toBeUndefined();
  expect(resolveWithin("./limits.js", "file:///guts/libs/database/src/index.ts")).toBeUndefined();
  expect(resolveWithin("./entity.js", undefined)).toBeUndefined();
});

test("the package is ESM throughout, as this takes for granted", () => {
  const root = dirname(fileURLToPath(entry));
  expect(globSync("**/package.json", { cwd: root })).toEqual(["package.json"]);
  expect(JSON.parse(readFileSync(join(root, "package.json"), "utf8"))).toMatchObject({
    name: "drizzle-orm",
    type: "module",
  });
});
