import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { checkWorkspace, type Rule } from "./workspace/check-workspace.ts";
import { readWorkspace } from "./workspace/workspace.ts";

const root = join(import.meta.dirname, "..");

describe("this workspace", () => {
  const report = checkWorkspace(readWorkspace(root));

  test("keeps every rule", () => {
    expect(report.problems.map(({ rule, path, message }) => `${path}: ${message} (${rule})`)).toEqual([]);
  });

  test("was really looked at", () => {
    expect(report.projectCount).toBeGreaterThanOrEqual(14);
    expect(report.arrowCount).toBeGreaterThanOrEqual(30);
    expect(report.sourceFileCount).toBeGreaterThanOrEqual(100);
  });
});

/** A small sound workspace; each test below plants one violation in it. */
function soundWorkspace(): Map<string, string> {
  const manifest = (name: string, layer: string, dependencies: readonly string[]) =>
    JSON.stringify({
      name: `@guts/${name}`,
      dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, "0.1.0"])),
      nx: { tags: [`layer:${layer}`] },
    });
  const references = (...paths: string[]) => JSON.stringify({ references: paths.map((path) => ({ path })) });
  return new Map([
    ["package.json", JSON.stringify({ workspaces: ["libs/*", "e2e"], devDependencies: { vitest: "5.1.0" } })],
    ["package-lock.json", "{}"],
    ["libs/primitives/package.json", manifest("primitives", "base", [])],
    ["libs/primitives/tsconfig.json", references()],
    ["libs/primitives/src/index.ts", "export const one = 1;"],
    ["libs/ledger/package.json", manifest("ledger", "core", ["@guts/primitives"])],
    ["libs/ledger/tsconfig.json", references("../primitives")],
    ["libs/ledger/src/index.ts", 'import { one } from "@guts/primitives";\nexport const two = one + 1;'],
    ["libs/ledger/src/index.test.ts", 'import { test } from "vitest";\nimport { now } from "node:process";'],
    ["libs/consensus/package.json", manifest("consensus", "core", ["@guts/primitives"])],
    ["libs/consensus/tsconfig.json", references("../primitives")],
    ["libs/consensus/src/index.ts", 'import { one } from "@guts/primitives";\nexport const three = one + 2;'],
    ["libs/server/package.json", manifest("server", "doors", ["@guts/ledger"])],
    ["libs/server/tsconfig.json", references("../ledger")],
    ["libs/server/src/index.ts", 'export { two } from "@guts/ledger";'],
    ["e2e/package.json", manifest("e2e", "test", ["@guts/server"])],
    ["e2e/all.test.ts", 'import { two } from "@guts/server";'],
  ]);
}

function rulesBrokenBy(...changes: readonly (readonly [path: string, text: string])[]): readonly Rule[] {
  const workspace = soundWorkspace();
  for (const [path, text] of changes) workspace.set(path, text);
  return [...new Set(checkWorkspace(workspace).problems.map(({ rule }) => rule))];
}

function withDependencies(folder: string, dependencies: readonly string[]): readonly [string, string] {
  const manifest = JSON.parse(soundWorkspace().get(`${folder}/package.json`)!) as Record<string, unknown>;
  const declared = Object.fromEntries(dependencies.map((dependency) => [dependency, "0.1.0"]));
  return [`${folder}/package.json`, JSON.stringify({ ...manifest, dependencies: declared })];
}

describe("the check", () => {
  test("accepts the sound workspace", () => expect(rulesBrokenBy()).toEqual([]));

  test("reports a project without a layer", () => {
    expect(rulesBrokenBy(["libs/primitives/package.json", '{"name":"@guts/primitives"}'])).toContain("layer");
  });

  test("reports an arrow that points to a lower row", () => {
    const broken = rulesBrokenBy(
      withDependencies("libs/primitives", ["@guts/ledger"]),
      ["libs/primitives/tsconfig.json", '{"references":[{"path":"../ledger"}]}'],
      ["libs/primitives/src/index.ts", 'export { two as one } from "@guts/ledger";'],
    );
    expect(broken).toEqual(["arrow"]);
  });

  test("reports an arrow between two core libraries", () => {
    const broken = rulesBrokenBy(
      withDependencies("libs/consensus", ["@guts/ledger"]),
      ["libs/consensus/tsconfig.json", '{"references":[{"path":"../ledger"}]}'],
      ["libs/consensus/src/index.ts", 'export { two } from "@guts/ledger";'],
    );
    expect(broken).toEqual(["arrow"]);
  });

  test("reports references that differ from the dependencies", () => {
    expect(rulesBrokenBy(["libs/ledger/tsconfig.json", '{"references":[]}'])).toEqual(["references"]);
  });

  test("reports a sibling that is imported without being declared", () => {
    const text =
      'import { three } from "@guts/consensus";\nexport { two } from "@guts/ledger";\nexport const four = three;';
    expect(rulesBrokenBy(["libs/server/src/index.ts", text])).toEqual(["undeclared-import"]);
  });

  test("reports an undeclared import that only a type or an import() mentions", () => {
    const type = 'export { two } from "@guts/ledger";\nexport type Three = import("@guts/consensus").Three;';
    const lazy = 'export { two } from "@guts/ledger";\nexport const three = () => import("@guts/consensus");';
    expect(rulesBrokenBy(["libs/server/src/index.ts", type])).toEqual(["undeclared-import"]);
    expect(rulesBrokenBy(["libs/server/src/index.ts", lazy])).toEqual(["undeclared-import"]);
  });

  test("reports a test tool in product code", () => {
    expect(rulesBrokenBy(["libs/primitives/src/index.ts", 'export { test as one } from "vitest";'])).toEqual([
      "undeclared-import",
    ]);
  });

  test("reports a dependency that nothing imports", () => {
    expect(rulesBrokenBy(["libs/server/src/index.ts", "export const two = 2;"])).toEqual(["unused-dependency"]);
  });

  test("reports a relative path out of the project", () => {
    const text =
      'import { one } from "@guts/primitives";\nexport { three } from "../../consensus/src/index.ts";\nexport const two = one;';
    expect(rulesBrokenBy(["libs/ledger/src/index.ts", text])).toEqual(["leaves-project"]);
  });

  test("reports a built-in module without its prefix", () => {
    expect(rulesBrokenBy(["e2e/other.test.ts", 'import "fs";'])).toEqual(["builtin-prefix"]);
  });

  test.each([
    ["Date", "export const one = Date.now();"],
    ["a type that names Date", "export type One = Date;"],
    ["Math.random", "export const one = Math.random();"],
    ["a timer", "export const one = () => setTimeout(() => {}, 1);"],
    ["the environment", 'export const one = process.env["A"];'],
    ["a locale", "export const one = 'a'.localeCompare('b');"],
    ["a device", 'import { readFileSync } from "node:fs";\nexport const one = readFileSync;'],
  ])("reports %s in a pure library", (_what, text) => {
    expect(rulesBrokenBy(["libs/primitives/src/index.ts", text])).toEqual(["purity"]);
  });

  test("reports an asynchronous function in a replicated library", () => {
    const text = 'import { one } from "@guts/primitives";\nexport const two = async () => one;';
    expect(rulesBrokenBy(["libs/ledger/src/index.ts", text])).toEqual(["purity"]);
  });

  test("does not mistake a comment, a string or a field for the thing", () => {
    const text = '// Date.now() and setTimeout\nexport const one = { Date: "Math.random()", process: 1 }.process;';
    expect(rulesBrokenBy(["libs/primitives/src/index.ts", text])).toEqual([]);
  });

  test.each(["node:child_process", "node:sqlite"])("reports %s outside libs/storage", (module) => {
    const text = `import * as it from "${module}";\nexport { two } from "@guts/ledger";\nexport { it };`;
    expect(rulesBrokenBy(["libs/server/src/index.ts", text])).toEqual(["private-module"]);
  });

  test.each(["drizzle-orm", "postgres", "libp2p", "@libp2p/tcp"])(
    "reports %s in the doors, even when declared",
    (module) => {
      const text = `import * as it from "${module}";\nexport { two } from "@guts/ledger";\nexport { it };`;
      const broken = rulesBrokenBy(withDependencies("libs/server", ["@guts/ledger", module]), [
        "libs/server/src/index.ts",
        text,
      ]);
      expect(broken).toEqual(["private-module"]);
    },
  );

  test("reports that consensus knows what a repository is", () => {
    const text = 'import { one } from "@guts/primitives";\nexport const repositoryCount = one;';
    expect(rulesBrokenBy(["libs/consensus/src/index.ts", text])).toEqual(["foreign-word"]);
  });

  test("accepts 500 lines and reports 501", () => {
    const lines = (count: number) => `export const one = 1;${"\n".repeat(count - 1)}\n`;
    expect(rulesBrokenBy(["libs/primitives/src/index.ts", lines(500)])).toEqual([]);
    expect(rulesBrokenBy(["libs/primitives/src/index.ts", lines(501)])).toEqual(["too-long"]);
  });

  test("reports a task without an issue number, and accepts one with", () => {
    const task = (suffix: string) => `// TODO${suffix} later\nexport const one = 1;`;
    expect(rulesBrokenBy(["libs/primitives/src/index.ts", task("(#12)")])).toEqual([]);
    expect(rulesBrokenBy(["libs/primitives/src/index.ts", task("")])).toEqual(["task-without-issue"]);
  });

  test("reports a path that exists on one machine only", () => {
    expect(rulesBrokenBy(["README.md", "see /root/notes"])).toEqual(["machine-path"]);
    expect(rulesBrokenBy(["README.md", "see ~/.local/share/guts and https://host/home/x"])).toEqual([]);
  });

  test("reports a lock file that names a registry", () => {
    const text = '{"packages":{"a":{"resolved": "https://registry.example/a.tgz"}}}';
    expect(rulesBrokenBy(["package-lock.json", text])).toEqual(["registry-host"]);
  });

  test("reports a file that does not parse instead of passing over it", () => {
    expect(rulesBrokenBy(["libs/primitives/src/index.ts", "export const = ;"])).toEqual(["unparsable"]);
  });
});
