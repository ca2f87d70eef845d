import { encodeFlush, joinBytes } from "@guts/git";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { TestRepository } from "../harness/forge.ts";
import { sendRaw } from "../harness/raw-http.ts";
import { buildPack, commitOf, objectId, type PackEntry, treeOf } from "./pack-builder.ts";
import { exchange, pktLine, startTarget, type Target, zeroId } from "./target.ts";

const script = "<script>alert(1)</script>";
const image = '"><img src=x onerror=alert(1)>';
const markdown = `# Hello ${script}

<img src=x onerror=alert(1)> <svg onload=alert(1)> <iframe src="javascript:alert(1)"></iframe> <style>*{}</style>
<a href="javascript:alert(1)">a</a> [b](javascript:alert(1)) [c](data:text/html;base64,PHNjcmlwdD4=) [d](vbscript:x)
![e](javascript:alert(1)) <form action=//evil.example><input name=q></form> <base href=//evil.example>
[f]: <javascript:alert(1)> "x" <math><mtext><table><mglyph><style><img src=x onerror=alert(1)>
<a id="location" name="cookie">clobber</a> <div style="position:fixed;inset:0">cover</div>

\`\`\`html
</code></pre>${script}
\`\`\`
`;

let target: Target;
let repository: TestRepository;
let commit: string;

beforeAll(async () => {
  target = await startTarget();
  const { forge, victim } = target;
  repository = await forge.createRepository(victim);
  const blob = (text: string) => ({ content: Buffer.from(text), id: objectId("blob", Buffer.from(text)) });
  const readme = blob(markdown);
  const code = blob(`const x = "</code></pre>${script}";\n`);
  const link = blob("../../../../../../etc/passwd");
  const page = blob(`<!doctype html>${script}`);
  const vector = blob(`<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`);
  const tree = treeOf(
    [
      { mode: "100644", name: `${image}.txt`, id: code.id },
      { mode: "100644", name: "-rf", id: code.id },
      { mode: "100644", name: "README.md", id: readme.id },
      { mode: "120000", name: "passwd", id: link.id },
      { mode: "100644", name: "page.html", id: page.id },
      { mode: "100644", name: "picture.svg", id: vector.id },
      { mode: "160000", name: "sub", id: "ab".repeat(20) },
      { mode: "100644", name: `${script.replace("/", "")}.js`, id: code.id },
    ].toSorted((left, right) => (left.name < right.name ? -1 : 1)),
  );
  const content = commitOf(objectId("tree", tree), `${script} ${image}\n\nBody ${script}\n`);
  commit = objectId("commit", content);
  const entries: PackEntry[] = [readme, code, link, page, vector].map((file) => ({
    type: "blob",
    content: file.content,
  }));
  const pack = buildPack([...entries, { type: "tree", content: tree }, { type: "commit", content }]);
  const url = repository.url;
  const command = (name: string, isFirst: boolean) =>
    pktLine(`${zeroId} ${commit} ${name}${isFirst ? "\0 report-status" : ""}`);
  const { body } = await sendRaw(`${url}/git-receive-pack`, {
    method: "POST",
    headers: {
      "content-type": "application/x-git-receive-pack-request",
      authorization: `Basic ${Buffer.from(`x:${victim.token}`).toString("base64")}`,
    },
    chunks: [
      joinBytes([
        command("refs/heads/main", true),
        command(`refs/heads/"><img_src=x_onerror=alert(1)>`, false),
        encodeFlush(),
      ]),
      pack,
    ],
  });
  expect(body.toString("latin1")).toMatch(/unpack ok/);
  await victim.client.call("PATCH /api/v3/repos/{owner}/{repo}", {
    path: { owner: victim.login, repo: repository.name },
    body: { description: `${script} ${image}` },
  });
});
afterAll(() => target?.[Symbol.asyncDispose]());

const at = (path: string) =>
  `${target.forge.baseUrl}${path.replace("REPO", `${target.victim.login}/${repository.name}`)}`;
const view = async (path: string): Promise<{ text: string; html: string }> => {
  const { status, body, headers } = await sendRaw(at(`/api/guts/view/repos/REPO${path}`));
  expect({ path, status }).toEqual({ path, status: 200 });
  expect(headers["content-type"]).toMatch(/^application\/json/);
  expect(headers["x-content-type-options"]).toBe("nosniff");
  const text = body.toString();
  return { text, html: htmlOf(JSON.parse(text)).join("\n") };
};

/** Every string under a key that says it is HTML, or that the client sets as HTML. */
function htmlOf(value: unknown, key = ""): readonly string[] {
  if (typeof value === "string")
    return /html$/i.test(key) && !key.endsWith("_url") && !key.endsWith("Url") ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => htmlOf(item, key));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => htmlOf(member, name));
}

const dangerous =
  /<script|<iframe|<style|<base|<form|<object|<embed|<svg[^>]*onload|<[^>]+\son\w+\s*=|(href|src)\s*=\s*["']?\s*(javascript|data|vbscript):|<[^>]+style=["'][^"']*position/i;

describe("what people write never becomes a page's code:", () => {
  test("a README", async () => {
    const { html } = await target.unharmed(() => view("/tree/main"));
    expect(html).toContain("Hello");
    expect(html).not.toMatch(dangerous);
    expect(html).not.toMatch(/<\w+[^<>]*\s(id|name)=["']?(location|cookie)\b/);
  });

  test.each(["README.md", "page.html", "picture.svg", "-rf"])("the file %s", async (name) => {
    const { html } = await target.unharmed(() => view(`/blob/main/${name}`));
    expect(html).not.toMatch(dangerous);
  });

  test("a file's name, a branch's name, a description, a commit's message", async () => {
    for (const path of [
      "",
      "/tree/main",
      "/refs?kind=heads",
      "/commits/main",
      `/commit/${commit}`,
      "/last-commits/main",
    ]) {
      const { html } = await target.unharmed(() => view(path));
      expect(html, path).not.toMatch(dangerous);
    }
  });

  test("a page that shows them is served without them in its HTML", async () => {
    for (const path of ["/REPO", "/REPO/tree/main", `/REPO/commit/${commit}`]) {
      const { body, headers } = await target.unharmed(() => sendRaw(at(path)));
      expect(body.toString()).not.toContain("alert(1)");
      if (String(headers["content-type"]).startsWith("text/html")) {
        expect(headers["content-security-policy"]).toMatch(/default-src|script-src/);
        expect(headers["content-security-policy"]).not.toMatch(/unsafe-inline'[^;]*;?\s*script|script-src[^;]*unsafe/);
      }
    }
  });
});

describe("a raw file is no document of this site:", () => {
  test.each([
    ["page.html", /^text\/plain/],
    ["picture.svg", /^image\/svg\+xml/],
    ["-rf", /^text\/plain/],
  ])("%s", async (name, type) => {
    const { status, headers } = await target.unharmed(() => sendRaw(at(`/REPO/raw/main/${name}`)));
    expect(status).toBe(200);
    expect(headers["content-type"]).toMatch(type);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toMatch(/sandbox/);
    expect(headers["content-security-policy"]).toMatch(/default-src 'none'/);
    expect(headers["content-security-policy"]).not.toMatch(/allow-scripts/);
  });
});

describe("links are shown as what they are:", () => {
  test("a symbolic link is its target's name, and is not followed", async () => {
    const { body } = await target.unharmed(() => sendRaw(at("/REPO/raw/main/passwd")));
    expect(body.toString()).not.toMatch(/root:/);
    const { status } = await sendRaw(at("/REPO/raw/main/passwd/x"));
    expect(status).toBe(404);
  });

  test("a submodule is a commit elsewhere, without anything below", async () => {
    const { text } = await target.unharmed(() => view("/tree/main"));
    expect(text).toContain("ab".repeat(20));
    for (const path of ["/REPO/raw/main/sub", "/REPO/raw/main/sub/x", "/api/guts/view/repos/REPO/tree/main/sub"])
      expect((await sendRaw(at(path))).status).toBe(404);
  });
});

describe("paths in URLs stay in the repository:", () => {
  const paths = [
    "../../../../etc/passwd",
    "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "main/../../config",
    "main/%2e%2e/HEAD",
    "main/.git/config",
    "main/README.md/",
    "main//README.md",
    "main/%00",
    "main/README.md%00.html",
    "main/%ff",
    "main/:(glob)*",
    "main:README.md",
    "HEAD@%7B1%7D/README.md",
    "main%5E/README.md",
    "main~0/README.md",
    "--output=x/README.md",
    "-h",
    "main/--help",
    `${"0".repeat(40)}/README.md`,
    `main/${"a/".repeat(1_000)}x`,
  ];
  const shapes = [
    "/REPO/raw/",
    "/api/v3/repos/REPO/contents/",
    "/api/guts/view/repos/REPO/tree/",
    "/api/guts/view/repos/REPO/blob/",
    "/api/guts/view/repos/REPO/commits/",
    "/api/v3/repos/REPO/commits/",
    "/api/v3/repos/REPO/git/trees/",
    "/api/v3/repos/REPO/git/ref/",
    "/api/v3/repos/REPO/branches/",
  ];
  test.each(paths)("%s", async (path) => {
    await target.unharmed(async () => {
      for (const shape of shapes) {
        const pathname = at(shape).slice(target.forge.baseUrl.length);
        const answer = await exchange(
          target.forge,
          `GET ${pathname}${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
        );
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
        expect(status, `${shape}${path}\n${answer.slice(0, 600)}`).toBeLessThan(500);
        expect(answer, `${shape}${path}`).not.toMatch(/root:.*:0:0:|repositoryformatversion|BEGIN PRIVATE KEY/);
      }
    });
  });
});
