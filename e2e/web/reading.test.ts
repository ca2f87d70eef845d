import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Person, TestRepository } from "../harness/forge.ts";
import { createSigningKey, signingOptions } from "../harness/signing.ts";
import { createKeyPair } from "../harness/ssh.ts";
import { startWeb, type Visitor, type Web } from "../harness/web.ts";

/** The smallest PNG: one transparent pixel. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const readme = `# Harbour

A place for ships. See [the guide](docs/guide.md) and [piers](#piers).

<script>document.title = "taken over"</script><img src=x onerror="document.title = 'taken over'">

## Piers

- [x] north
- [ ] south

\`\`\`ts
const pier: string = "north";
\`\`\`
`;
const files: Readonly<Record<string, string | Uint8Array>> = {
  "README.md": readme,
  "docs/guide.md": "# Guide\n\nBack to [the start](../README.md).\n",
  "src/pier.ts": Array.from({ length: 60 }, (_, index) => `export const pier${index + 1} = ${index + 1};\n`).join(""),
  "src/100% sure? #1.txt": "a name that a URL must escape\n",
  "assets/pixel.png": pixel,
  "assets/blob.bin": Uint8Array.from({ length: 300 }, (_, index) => index % 256),
  "package-lock.json": Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join(""),
  "empty.txt": "",
};

/** What the page does after it is there: pages settle within a moment, on a busy machine within this. */
const eventually = { timeout: 15_000 };

let web: Web;
let owner: Person;
let repository: TestRepository & { readonly workTree: string };
let visitor: Visitor;
let home: string;
let commit: string;

beforeAll(async () => {
  web = await startWeb();
  owner = await web.forge.signUp();
  repository = await web.forge.createFilledRepository(owner);
  home = `/${owner.login}/${repository.name}`;
  for (const [path, content] of Object.entries(files)) writeInTree(path, content);
  symlinkSync("README.md", join(repository.workTree, "link.md"));
  await inTree("add", "-A");
  await inTree("commit", "-q", "-m", "Build the harbour\n\nStone by stone.");
  commit = await inTree("rev-parse", "HEAD");
  writeInTree("src/pier.ts", `${String(files["src/pier.ts"])}export const last = true;\n`);
  await inTree("commit", "-qam", "Add a last pier");
  await inTree("branch", "feature/deep/name");
  await inTree("tag", "v1.0");
  await inTree("push", "-q", "origin", "main", "feature/deep/name", "v1.0");
  visitor = await web.newVisitor();
});
afterAll(async () => {
  expect(visitor.complaints).toEqual([]);
  await visitor[Symbol.asyncDispose]();
  await web[Symbol.asyncDispose]();
});

function writeInTree(path: string, content: string | Uint8Array): void {
  const file = join(repository.workTree, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function inTree(...args: readonly string[]): Promise<string> {
  return web.forge.git.run(["-C", repository.workTree, ...args]);
}

describe("a repository's home", () => {
  test("shows the files, the last commit of each, and the README", async () => {
    const { page, open } = visitor;
    await open(home);
    const row = page.getByRole("row", { name: /src/ });
    await row.getByRole("link", { name: "Add a last pier" }).waitFor();
    await page.getByRole("row", { name: /docs/ }).getByRole("link", { name: "Build the harbour" }).waitFor();
    await page.getByRole("region", { name: "README.md" }).getByRole("heading", { name: "Harbour" }).waitFor();
    expect(await page.title()).toContain(`${owner.login}/${repository.name}`);
  });

  test("does not move anything when the last commits arrive", async () => {
    await using fresh = await web.newVisitor();
    await fresh.page.addInitScript(() => {
      const seen = window as unknown as { shift: number };
      seen.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
      }).observe({ type: "layout-shift", buffered: true });
    });
    await fresh.open(home);
    await fresh.page.getByRole("link", { name: "Add a last pier" }).first().waitFor();
    expect(await fresh.page.evaluate(() => (window as unknown as { shift: number }).shift)).toBeLessThan(0.02);
  });

  test("shows files before git has found their last commits", async () => {
    await using fresh = await web.newVisitor();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await fresh.page.route("**/last-commits/**", async (route) => {
      await held;
      await route.continue();
    });
    await fresh.page.goto(home);
    await fresh.page.getByRole("link", { name: "src", exact: true }).waitFor();
    expect(
      await fresh.page.getByRole("row", { name: /src/ }).getByRole("link", { name: "Add a last pier" }).count(),
    ).toBe(0);
    release();
    await fresh.page.getByRole("row", { name: /src/ }).getByRole("link", { name: "Add a last pier" }).waitFor();
  });

  test("gives a clone URL that git can use", async () => {
    const { page, open } = visitor;
    await open(home);
    await page.getByRole("button", { name: "Clone" }).click();
    const url = await page.getByRole("textbox", { name: "Clone URL", exact: true }).inputValue();
    await page.getByRole("button", { name: "Copy clone URL", exact: true }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(url);
    await web.forge.git.run(["clone", "-q", url, web.forge.newFolder()]);
  });

  test("finds a branch in the switcher and shows the same place there", async () => {
    const { page, open } = visitor;
    await open(`${home}/tree/main/src`);
    await page.keyboard.press("w");
    await page.getByRole("searchbox", { name: "Find branches" }).fill("deep");
    await page.getByRole("link", { name: "feature/deep/name" }).click();
    await page.waitForURL(`**${home}/tree/feature/deep/name/src`);
    await page.getByRole("link", { name: "pier.ts" }).waitFor();
  });
});

describe("rendered Markdown", () => {
  test("runs nothing of what the repository put into it", async () => {
    const { page, open } = visitor;
    await open(home);
    const text = page.getByRole("region", { name: "README.md" });
    await text.getByRole("heading", { name: "Piers" }).waitFor();
    expect(await text.locator("script, [onerror]").count()).toBe(0);
    expect(await page.title()).not.toContain("taken over");
  });

  test("follows relative links and anchors within the repository", async () => {
    const { page, open } = visitor;
    await open(home);
    await page.getByRole("link", { name: "piers" }).click();
    expect(new URL(page.url()).hash).toBe("#piers");
    await page.getByRole("link", { name: "the guide" }).click();
    await page.waitForURL(`**${home}/blob/main/docs/guide.md`);
    await page.getByRole("link", { name: "the start" }).click();
    await page.waitForURL(`**${home}/blob/main/README.md`);
  });

  test("shows its source on request", async () => {
    const { page, open } = visitor;
    await open(`${home}/blob/main/README.md`);
    await page.getByRole("button", { name: "Code", exact: true }).click();
    await page.getByText("[the guide](docs/guide.md)").waitFor();
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("heading", { name: "Harbour" }).waitFor();
  });
});

describe("a file", () => {
  test("is highlighted and has links to lines and ranges of lines", async () => {
    const { page, open } = visitor;
    await open(`${home}/blob/main/src/pier.ts`);
    await expect.poll(() => page.locator(".code-lines .pl-k").count(), eventually).toBeGreaterThan(50);
    await page.getByRole("link", { name: "4", exact: true }).click();
    expect(new URL(page.url()).hash).toBe("#L4");
    await page.getByRole("link", { name: "7", exact: true }).click({ modifiers: ["Shift"] });
    expect(new URL(page.url()).hash).toBe("#L4-L7");
    await expect.poll(() => page.locator("tr.chosen").count(), eventually).toBe(4);
  });

  test("opens at the line that a link names", async () => {
    await using fresh = await web.newVisitor({ viewport: { width: 1000, height: 500 } });
    await fresh.open(`${home}/blob/main/src/pier.ts#L55-L57`);
    await expect.poll(() => fresh.page.locator("tr.chosen").count(), eventually).toBe(3);
    const top = async () => (await fresh.page.locator("#L55").boundingBox())?.y ?? -1;
    await expect.poll(top, eventually).toBeGreaterThan(0);
    await expect.poll(top, eventually).toBeLessThan(500);
  });

  test("is pinned to its commit by y", async () => {
    const { page, open } = visitor;
    await open(`${home}/blob/main/src/pier.ts#L4`);
    await page.keyboard.press("y");
    await page.getByText("always shows this commit").waitFor();
    const head = await inTree("rev-parse", "main");
    expect(new URL(page.url()).pathname).toBe(`${home}/blob/${head}/src/pier.ts`);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
  });

  test("is served raw as plain text", async () => {
    const { page, open } = visitor;
    await open(`${home}/blob/main/src/pier.ts`);
    const raw = await page.request.get((await page.getByRole("link", { name: "Raw" }).getAttribute("href"))!);
    expect(raw.headers()["content-type"]).toContain("text/plain");
    expect(await raw.text()).toContain("export const last = true;");
  });

  test("may have a name that a URL must escape", async () => {
    const { page, open } = visitor;
    await open(`${home}/tree/main/src`);
    await page.getByRole("link", { name: "100% sure? #1.txt" }).click();
    await page.getByText("a name that a URL must escape").waitFor();
    await page.reload();
    await page.getByText("a name that a URL must escape").waitFor();
    expect(
      (await page.request.get((await page.getByRole("link", { name: "Raw" }).getAttribute("href"))!)).status(),
    ).toBe(200);
  });

  test("that is an image is shown", async () => {
    const { page, open } = visitor;
    await open(`${home}/blob/main/assets/pixel.png`);
    const image = page.getByRole("img", { name: "pixel.png" });
    await image.waitFor();
    expect(await image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(1);
  });

  test("that is binary or empty says so", async () => {
    const { page, open } = visitor;
    await open(`${home}/blob/main/assets/blob.bin`);
    await page.getByRole("heading", { name: "A binary file" }).waitFor();
    await open(`${home}/blob/main/empty.txt`);
    await page.getByText("This file is empty.").waitFor();
  });
});

describe("history", () => {
  test("lists commits, of a branch and of one path", async () => {
    const { page, open } = visitor;
    await open(`${home}/commits`);
    await page.getByRole("link", { name: "Add a last pier" }).waitFor();
    await open(`${home}/commits/main/docs`);
    await page.getByRole("link", { name: "Build the harbour" }).waitFor();
    expect(await page.getByRole("link", { name: "Add a last pier" }).count()).toBe(0);
  });

  test("shows a commit with its message and a unified diff", async () => {
    const { page, open } = visitor;
    await open(`${home}/commits/main`);
    await page.getByRole("link", { name: "Add a last pier" }).click();
    await page.getByRole("heading", { name: "Add a last pier" }).waitFor();
    const line = page.getByRole("row", { name: /export const last = true/ });
    expect(await line.getAttribute("class")).toBe("addition");
    await expect.poll(() => page.getByText("1 file changed").count(), eventually).toBe(1);
  });

  test("lists the files of a commit and folds generated ones", async () => {
    const { page, open } = visitor;
    await open(`${home}/commit/${commit}`);
    await page.getByText("Stone by stone.").waitFor();
    const list = page.getByRole("navigation", { name: "Changed files" });
    await list.getByRole("link", { name: /pier\.ts/ }).waitFor();
    const lock = page.getByRole("region", { name: "package-lock.json" });
    expect(await lock.getByText("line 29").count()).toBe(0);
    await lock.getByRole("button", { name: "Show the diff" }).click();
    await lock.getByText("line 29").waitFor();
  });

  test("lists branches and tags", async () => {
    const { page, open } = visitor;
    await open(`${home}/branches`);
    await page.getByRole("link", { name: "feature/deep/name" }).waitFor();
    await page.getByText("default", { exact: true }).waitFor();
    await open(`${home}/tags`);
    await page.getByRole("link", { name: "v1.0" }).click();
    await page.waitForURL(`**${home}/tree/v1.0`);
  });
});

describe("signatures of commits", () => {
  test("say who signed: beside each commit of a list, and in a panel that Escape closes", async () => {
    const { commitAddress } = await owner.client.call("GET /api/guts/session", {});
    const key = await createSigningKey(web.forge, owner);
    const commitBy = (email: string, options: readonly string[], title: string) =>
      inTree("-c", `user.email=${email}`, ...options, "commit", "-q", "--allow-empty", "-m", title);
    const stranger = signingOptions(await createKeyPair(web.forge.git.folder));
    await inTree("checkout", "-q", "--detach");
    await commitBy("ada@example.org", [], "Plain");
    const sign = ["-c", "commit.gpgSign=true"];
    await commitBy("ada@example.org", [...key.options, ...sign], "Elsewhere");
    await commitBy(commitAddress!, [...stranger, ...sign], "Strange");
    await commitBy(commitAddress!, [...key.options, ...sign], "Own");
    await inTree("push", "-q", "origin", "HEAD:refs/heads/signed");
    const { page, open } = visitor;
    await open(`${home}/commits/signed`);
    const badgeOf = async (title: string) => {
      const row = page.getByRole("listitem").filter({ hasText: title });
      return (await row.locator(".signature").allInnerTexts()).join();
    };
    await page.getByRole("button", { name: "Verified", exact: true }).waitFor();
    expect(await Promise.all(["Own", "Strange", "Elsewhere", "Plain"].map(badgeOf))).toEqual([
      "Verified",
      "Unverified",
      "Signed",
      "",
    ]);
    await page.getByRole("button", { name: "Verified", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Signature" }).getByText("SHA256:").waitFor();
    expect(await visitor.findBarriers()).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Signature" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Own", exact: true }).click();
    await page.getByRole("heading", { name: "Own" }).waitFor();
    await page.getByRole("button", { name: "Verified", exact: true }).waitFor();
    await inTree("checkout", "-q", "main");
  });
});

describe("addresses", () => {
  test("of a private repository look like nothing to a stranger", async () => {
    const { page, open } = visitor;
    const hidden = await web.forge.createFilledRepository(owner, { isPrivate: true });
    await open(`/${owner.login}/${hidden.name}`);
    await page.getByRole("heading", { name: "Nothing is here" }).waitFor();
    await page.getByRole("main").getByRole("link", { name: "Sign in" }).waitFor();
  });

  test("of a renamed repository lead to its present name", async () => {
    const { page, open } = visitor;
    const renamed = await web.forge.createFilledRepository(owner);
    const name = `${renamed.name}-moved`;
    await owner.client.call("PATCH /api/v3/repos/{owner}/{repo}", {
      path: { owner: owner.login, repo: renamed.name },
      body: { name },
    });
    await open(`/${owner.login}/${renamed.name}/commits/main`);
    await page.waitForURL(`**/${owner.login}/${name}/commits/main`);
  });

  test("that lead nowhere offer a way on", async () => {
    const { page, open } = visitor;
    await open(`${home}/blob/main/no/such/file.txt`);
    await page.getByRole("heading", { name: "Nothing is here" }).waitFor();
    await page
      .getByRole("main")
      .getByRole("link", { name: `${owner.login}/${repository.name}` })
      .click();
    await page.waitForURL(`**${home}`);
  });
});

describe("the network's pages", () => {
  test("tell in plain words what happened", async () => {
    const { page, open } = visitor;
    await open("/status");
    await page
      .getByText(new RegExp(`${owner.login} .*${repository.name}`))
      .first()
      .waitFor();
    await page
      .getByRole("link", { name: /^[\d,]+$/ })
      .first()
      .click();
    await page.getByRole("heading", { name: /^Block [\d,]+$/ }).waitFor();
  });
});

describe("files in the browser", () => {
  test("are made, changed on a new branch, compared, blamed, uploaded and deleted", async () => {
    await using author = await web.newVisitor();
    const { page, open } = author;
    const { login, client } = await author.signUp();
    const { name } = await client.call("POST /api/v3/user/repos", { body: { name: "drafts" } });
    const at = `/${login}/${name}`;
    const commit = page.getByRole("button", { name: "Commit changes" });

    await open(`${at}/new/main`);
    await page.getByLabel("Path of the file").fill("docs/plan.md");
    await page.getByRole("textbox", { name: "Contents of docs/plan.md" }).fill("# Plan\n\nOne\nTwo\n");
    await commit.click();
    await page.waitForURL(`**${at}/blob/main/docs/plan.md`);

    await page.getByRole("link", { name: "Edit this file" }).click();
    const text = page.getByRole("textbox", { name: "Contents of docs/plan.md" });
    await text.fill("# Plan\n\nOne\nThree\n");
    await page.getByRole("button", { name: "Preview changes" }).click();
    await page.getByRole("row", { name: "4 + Three" }).waitFor();
    expect(await author.findBarriers()).toEqual([]);
    await page.getByLabel("Commit message").fill("Say three");
    await page.getByRole("radio", { name: /Create a new branch/ }).check();
    await page.getByLabel("Name of the new branch").fill("three");
    await commit.click();
    await page.waitForURL(`**${at}/blob/three/docs/plan.md`);

    await open(`${at}/compare/three`);
    await page.getByText("three has 1 commit that main has not").waitFor();
    await page.getByRole("row", { name: /Three/ }).waitFor();
    expect(await author.findBarriers()).toEqual([]);

    await open(`${at}/blame/three/docs/plan.md`);
    await page.getByRole("link", { name: "Say three", exact: true }).waitFor();
    expect(await author.findBarriers()).toEqual([]);

    await open(`${at}/upload/main/docs`);
    await page.getByLabel("Files to upload").setInputFiles({ name: "pixel.png", mimeType: "image/png", buffer: pixel });
    await page.getByRole("list", { name: "Files to be committed" }).getByText("pixel.png").waitFor();
    expect(await author.findBarriers()).toEqual([]);
    await commit.click();
    await page.getByRole("link", { name: "pixel.png", exact: true }).click();
    await page.getByRole("link", { name: "Delete this file" }).click();
    await commit.click();
    await page.waitForURL(`**${at}/tree/main`);
    const left = await client.call("GET /api/v3/repos/{owner}/{repo}/contents/{+path}", {
      path: { owner: login, repo: name, path: "docs" },
    });
    expect(left).toMatchObject([{ name: "plan.md" }]);
    const archive = await page.request.get(`${at}/archive/refs/heads/main.zip`);
    expect(archive.headers()["content-disposition"]).toContain("drafts-main.zip");
    expect(author.complaints).toEqual([]);
  });
});
