import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { beforeAll, describe, expect, it } from "vitest";

/** The most JavaScript, compressed, that a page for reading may need; MILESTONES and the README promise it. */
const readPageGzipBytesMax = 200 * 1024;
/** The most that it needs today, with room for a little growth: a jump shows here before the promise breaks. */
const readPageGzipBytesExpected = 168 * 1024;
const styleGzipBytesMax = 24 * 1024;

const home = fileURLToPath(new URL("../", import.meta.url));
const dist = `${home}dist/`;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

let manifest: Readonly<Record<string, Chunk>>;

beforeAll(() => {
  if (!existsSync(`${dist}.vite/manifest.json`)) {
    const vite = fileURLToPath(new URL("../../../node_modules/vite/bin/vite.js", import.meta.url));
    // The test runner's NODE_ENV would build React for development, which nobody is served.
    const env = { ...process.env, NODE_ENV: "production" };
    execFileSync(process.execPath, [vite, "build", "--logLevel", "error"], { cwd: home, env });
  }
  manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));
}, 120_000);

/** Files that a page needs: the entry, the page, and whatever these import before they can run. */
function filesOf(entries: readonly string[]): ReadonlySet<string> {
  const files = new Set<string>();
  const queue = [...entries];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const chunk = manifest[key];
    expect(chunk, `${key} is in the manifest`).toBeDefined();
    if (files.has(chunk!.file)) continue;
    files.add(chunk!.file);
    queue.push(...(chunk!.imports ?? []));
  }
  return files;
}

function gzipBytes(file: string): number {
  return gzipSync(readFileSync(dist + file)).length;
}

const page = (name: string): string => `src/pages/${name}.tsx`;
const frame = page("repository-layout");

describe("JavaScript that a page for reading needs", () => {
  it.each([
    ["home", [page("home")]],
    ["owner", [page("owner")]],
    ["repository", [frame, page("repository-home")]],
    ["directory", [frame, page("tree")]],
    ["file", [frame, page("blob")]],
    ["commits", [frame, page("commits")]],
    ["commit", [frame, page("commit")]],
    ["branches", [frame, page("refs")]],
    ["status", [page("status")]],
  ])("fits the budget on the %s page", (_, pages) => {
    const total = [...filesOf(["index.html", ...pages])].reduce((sum, file) => sum + gzipBytes(file), 0);
    expect(total).toBeGreaterThan(50 * 1024);
    expect(total).toBeLessThan(readPageGzipBytesExpected);
    expect(readPageGzipBytesExpected).toBeLessThan(readPageGzipBytesMax);
  });
});

describe("the stylesheet", () => {
  it("is one and small", () => {
    const styles = Object.values(manifest).filter((chunk) => chunk.file.endsWith(".css"));
    expect(styles).toHaveLength(1);
    expect(gzipBytes(styles[0]!.file)).toBeLessThan(styleGzipBytesMax);
  });
});

describe("the page", () => {
  it("has no inline script or style and asks nobody else for anything", () => {
    const html = readFileSync(`${dist}index.html`, "utf8");
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});
