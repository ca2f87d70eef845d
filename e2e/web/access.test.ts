import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createCheckedClient } from "../harness/checked-client.ts";
import { startWeb, type SignedUp, type Visitor, type Web } from "../harness/web.ts";

let web: Web;
let owner: SignedUp;
let visitor: Visitor;
let home: string;
let pages: readonly string[];

beforeAll(async () => {
  web = await startWeb();
  visitor = await web.newVisitor();
  owner = await visitor.signUp();
  const body = { name: "harbour", description: "Where ships land" };
  await owner.client.call("POST /api/v3/user/repos", { body });
  await owner.client.call("POST /api/v3/user/repos", { body: { name: "empty" } });
  home = `/${owner.login}/harbour`;
  const org = await createOrganization();
  const folder = web.forge.newFolder();
  const { git } = web.forge;
  await git.run(["init", "-q", folder]);
  await git.commit(
    folder,
    "README.md",
    `# Harbour\n\n${"A long line of code. ".repeat(3)}\n\n    ${"x".repeat(400)}\n`,
  );
  await git.commit(
    folder,
    "src/a/file/with/a/rather/deep/path/pier.ts",
    `export const pier = ${"1 + ".repeat(120)}1;\n`,
  );
  const url = `${web.forge.baseUrl.replace("//", `//${owner.login}:${owner.token}@`)}${home}.git`;
  await git.run([
    "-C",
    folder,
    "push",
    "-q",
    url,
    "HEAD:refs/heads/main",
    "HEAD:refs/heads/a-very-long-branch-name-of-a-friday",
  ]);
  const commit = await git.run(["-C", folder, "rev-parse", "HEAD"]);
  pages = [
    ...[
      "/",
      "/signin",
      "/signup",
      "/recover",
      "/login/elsewhere",
      "/new",
      "/invitations",
      "/status",
      "/status/blocks/2",
      "/nobody/nothing",
    ],
    ...["profile", "appearance", "tokens", "ssh-keys", "sessions", "keys", "security-log", "limits"].map(
      (name) => `/settings/${name}`,
    ),
    ...[`/${owner.login}`, `/${owner.login}/empty`, home, `${home}/tree/main/src`, `${home}/blob/main/README.md`],
    ...[
      `${home}/blob/main/src/a/file/with/a/rather/deep/path/pier.ts`,
      `${home}/commits/main`,
      `${home}/commit/${commit}`,
    ],
    ...["/account/organizations/new", "/settings/organizations", `/${org}`, `/new?owner=${org}`],
    ...["people", "teams", "new-team", "invitation"].map((name) => `/orgs/${org}/${name}`),
    ...["", "/repositories", "/teams", "/edit"].map((name) => `/orgs/${org}/teams/dockers${name}`),
    ...["profile", "member_privileges", "audit-log"].map((name) => `/organizations/${org}/settings/${name}`),
    ...[`/${org}/quay/settings/access`, `/${org}/quay/settings/access?why=${owner.login}`],
    ...[`${home}/edit/main/README.md`, `${home}/new/main/src`, `${home}/upload/main`, `${home}/delete/main/README.md`],
    ...[`${home}/blame/main/README.md`, `${home}/compare/main...a-very-long-branch-name-of-a-friday`],
    ...[`${home}/branches`, `${home}/tags`, `${home}/settings`, `${home}/settings/access`, `${home}/settings/branches`],
    `${home}/settings/keys`,
    `/${owner.login}?tab=followers`,
    "/settings/emails",
  ];
});
afterAll(async () => {
  await visitor[Symbol.asyncDispose]();
  await web[Symbol.asyncDispose]();
});

/** An organization of the owner with a repository, a team that has a role on it, a team inside that, and an invitation. */
async function createOrganization(): Promise<string> {
  const data = { label: "organization", scopes: ["repo", "admin:org"] };
  const answer = await visitor.page.request.post("/api/guts/tokens", { data, headers: { origin: web.forge.baseUrl } });
  const client = createCheckedClient({
    baseUrl: web.forge.baseUrl,
    token: ((await answer.json()) as { token: string }).token,
  });
  const body = { login: "dock-works", profile_name: "Dock Works" };
  const { login: org } = await client.call("POST /api/v3/admin/organizations", { body });
  await client.call("POST /api/v3/orgs/{org}/repos", { path: { org }, body: { name: "quay", private: true } });
  const makeTeam = (team: { name: string; parent_team_id?: number }) =>
    client.call("POST /api/v3/orgs/{org}/teams", { path: { org }, body: { ...team, privacy: "closed" } });
  const { id, slug } = await makeTeam({ name: "Dockers" });
  await makeTeam({ name: "Night dockers", parent_team_id: id });
  const path = { org, team_slug: slug, username: owner.login };
  await client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}", { path, body: {} });
  await client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", {
    path: { org, team_slug: slug, owner: org, repo: "quay" },
    body: { permission: "push" },
  });
  const { login: username } = await web.forge.signUp();
  await client.call("PUT /api/v3/orgs/{org}/memberships/{username}", { path: { org, username }, body: {} });
  return org;
}

/** A visitor who is signed in as the owner, with another screen or other wishes. */
async function newLook(options: Parameters<Web["newVisitor"]>[0]): Promise<Visitor> {
  const storageState = await visitor.page.context().storageState();
  return web.newVisitor({ storageState, ...options });
}

/** What a theme changes is colour, so all rules are asked once and contrast of every theme. */
const themes = [
  { media: { colorScheme: "light", contrast: "no-preference" }, theme: "light", rules: undefined },
  { media: { colorScheme: "dark", contrast: "no-preference" }, theme: "dark", rules: ["color-contrast"] },
  { media: { colorScheme: "light", contrast: "more" }, theme: "light-high-contrast", rules: ["color-contrast"] },
] as const;

test("no page has a serious barrier in any theme, or is wider than the screen of a small phone", async () => {
  // One visit for all looks: an open page takes on colours and width at once, and opening it is what takes time.
  await using look = await newLook({ reducedMotion: "reduce" });
  for (const path of pages) {
    await look.open(path);
    for (const { media, theme, rules } of themes) {
      await look.page.emulateMedia(media);
      await look.page.waitForFunction((name) => document.documentElement.dataset["theme"] === name, theme);
      expect(await look.findBarriers(rules), `${path} in ${theme}`).toEqual([]);
    }
    await look.page.setViewportSize({ width: 320, height: 640 });
    const excess = await look.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(excess, path).toBeLessThanOrEqual(0);
    await look.page.setViewportSize({ width: 1280, height: 900 });
    await look.page.emulateMedia(themes[0].media);
  }
  expect(look.complaints).toEqual([]);
}, 600_000);

describe("the theme", () => {
  test("follows the system, can be chosen, and is there before the first paint", async () => {
    await using look = await newLook({ colorScheme: "dark" });
    const { page } = look;
    const theme = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset["theme"]);
    await look.open("/settings/appearance");
    expect(await theme()).toBe("dark");
    await page.getByRole("radio", { name: "Light, high contrast" }).check();
    expect(await theme()).toBe("light-high-contrast");
    await page.addInitScript(() => {
      new MutationObserver(() => {
        if (document.body !== null) sessionStorage["themeAtBody"] ??= document.documentElement.dataset["theme"];
      }).observe(document, { childList: true, subtree: true });
    });
    await look.open("/nobody/nothing");
    expect(await page.evaluate(() => sessionStorage["themeAtBody"] as string)).toBe("light-high-contrast");
  });
});

describe("the keyboard", () => {
  test("opens a sheet of shortcuts that Escape closes", async () => {
    await visitor.open(home);
    await visitor.page.keyboard.press("?");
    const sheet = visitor.page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await sheet.getByText("Switch branch or tag").waitFor();
    await visitor.page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
  });

  test("jumps to a repository by a part of its name", async () => {
    const { page, open } = visitor;
    await open("/status");
    await page.keyboard.press("/");
    await page.getByRole("combobox", { name: /Jump to/ }).fill("harb");
    await page
      .getByRole("option", { name: /harbour/ })
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${home}`);
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await page.getByRole("heading", { name: "Your repositories" }).waitFor();
  });

  test("types into a field without setting off a shortcut", async () => {
    const { page, open } = visitor;
    await open("/new");
    await page.getByLabel("Repository name").pressSequentially("g?h/s");
    expect(await page.getByLabel("Repository name").inputValue()).toBe("g?h/s");
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  test("skips to the content, and walks through the account menu", async () => {
    const { page, open } = visitor;
    await open(home);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    await page.getByRole("button", { name: /Account menu/ }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("End");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Sign out");
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toContain("Account menu");
  });
});

describe("times", () => {
  test("are said relative, with the exact moment for machines and on hover", async () => {
    await visitor.open(`${home}/commits/main`);
    const time = visitor.page.locator("time").first();
    expect(await time.getAttribute("datetime")).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(await time.getAttribute("title")).toMatch(/\d{4}/);
    expect(await time.textContent()).toMatch(/ago|now/);
  });
});
