import { readImageHeader } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { uniqueName } from "../harness/forge.ts";
import { startWeb, type SignedUp, type Visitor, type Web } from "../harness/web.ts";

let web: Web;
let visitor: Visitor;
let owner: SignedUp;

beforeAll(async () => {
  web = await startWeb();
  visitor = await web.newVisitor();
  owner = await visitor.signUp();
});
afterAll(async () => {
  expect(visitor.complaints).toEqual([]);
  await visitor[Symbol.asyncDispose]();
  await web[Symbol.asyncDispose]();
});

/** A private repository of the owner. */
async function createRepository(name = uniqueName("repo")): Promise<string> {
  await owner.client.call("POST /api/v3/user/repos", { body: { name, private: true } });
  return name;
}

describe("one's own settings", () => {
  test("make a token that git can push with, show it once, and revoke it", async () => {
    const { page, open } = visitor;
    const name = await createRepository();
    const label = uniqueName("laptop");
    await open("/settings/tokens");
    await page.getByRole("button", { name: "New classic token" }).click();
    await page.getByLabel("What is it for?").fill(label);
    await page.getByRole("button", { name: "Create token" }).click();
    const token = await page.getByRole("textbox", { name: "Token" }).inputValue();
    expect(token).toMatch(/^guts_[0-9A-Za-z]{40}$/);
    const folder = web.forge.newFolder();
    const url = `${web.forge.baseUrl.replace("//", `//${owner.login}:${token}@`)}/${owner.login}/${name}.git`;
    await web.forge.git.run(["init", "-q", folder]);
    await web.forge.git.commit(folder, "a.txt", "a");
    await web.forge.git.run(["-C", folder, "push", "-q", url, "HEAD:refs/heads/main"]);
    await page.reload();
    expect(await page.getByText(token).count()).toBe(0);
    await page.getByRole("button", { name: `Revoke ${label}` }).click();
    await page.getByRole("button", { name: "Revoke token" }).click();
    await page.getByRole("button", { name: `Revoke ${label}` }).waitFor({ state: "detached" });
    const { exitCode } = await web.forge.git.try(["-C", folder, "push", "-q", url, "HEAD:refs/heads/other"]);
    expect(exitCode).not.toBe(0);
  });

  test("make a fine-grained token for a chosen repository, which reaches no other", async () => {
    const { page, open } = visitor;
    const [chosen, other] = [await createRepository(uniqueName("chosen")), await createRepository()];
    const label = uniqueName("bot");
    await open("/settings/tokens");
    await page.getByRole("button", { name: "New fine-grained token" }).click();
    await page.getByLabel("What is it for?").fill(label);
    const create = page.getByRole("button", { name: "Create token" });
    expect(await create.isDisabled()).toBe(true);
    await page.getByLabel(/Find a repository/).fill(chosen.slice(0, 8));
    await page.getByRole("checkbox", { name: chosen }).check();
    await page.getByLabel("Contents").selectOption("write");
    expect(await visitor.findBarriers()).toEqual([]);
    await create.click();
    const token = await page.getByRole("textbox", { name: "Token" }).inputValue();
    const row = page.getByRole("listitem").filter({ hasText: label });
    await row.getByText("contents: write").waitFor();
    await row.getByText(`${owner.login}/${chosen}`).waitFor();
    const folder = web.forge.newFolder();
    const { git } = web.forge;
    const urlOf = (name: string): string =>
      `${web.forge.baseUrl.replace("//", `//${owner.login}:${token}@`)}/${owner.login}/${name}.git`;
    await git.run(["init", "-q", folder]);
    await git.commit(folder, "a.txt", "a");
    await git.run(["-C", folder, "push", "-q", urlOf(chosen), "HEAD:refs/heads/main"]);
    const refused = await git.try(["-C", folder, "push", "-q", urlOf(other), "HEAD:refs/heads/main"]);
    expect(refused).toMatchObject({
      exitCode: 128,
      stderr: expect.stringContaining("There is no repository") as string,
    });
    await page.reload();
    await row.getByText("Last used").waitFor();
  });

  test("save the profile that others see", async () => {
    const { page, open } = visitor;
    await open("/settings/profile");
    await page.getByLabel("Name", { exact: true }).fill("Ada of the Harbour");
    await page.getByLabel("Company").fill("Harbour works");
    await page.getByLabel("X (Twitter) username").fill("@harbour_ada");
    await page.getByLabel("Available for hire").check();
    await page.getByRole("button", { name: "Save profile" }).click();
    await page.getByText("Profile saved").waitFor();
    await open(`/${owner.login}`);
    const profile = page.getByRole("complementary", { name: "Profile" });
    await profile.getByRole("heading", { name: "Ada of the Harbour" }).waitFor();
    for (const text of ["Harbour works", "harbour_ada", "Available for hire"]) await profile.getByText(text).waitFor();
  });

  test("end another session, which then is nobody's", async () => {
    const { page, open } = visitor;
    await using elsewhere = await web.newVisitor();
    await elsewhere.open("/signin");
    await elsewhere.page.getByLabel("Handle").fill(owner.login);
    await elsewhere.page.getByLabel("Password").fill(owner.password);
    await elsewhere.page.getByRole("button", { name: "Sign in" }).click();
    await elsewhere.page.getByRole("heading", { name: "Your repositories" }).waitFor();
    await open("/settings/sessions");
    await page.getByText("this session", { exact: true }).waitFor();
    await page.getByRole("button", { name: "End" }).click();
    await page.getByText("Ended the session").waitFor();
    await elsewhere.page.reload();
    await elsewhere.page.getByRole("link", { name: "Create an account" }).waitFor();
  });

  test("show the root key and the home node, and take its permission back with the recovery code", async () => {
    await using other = await web.newVisitor();
    const { page, open } = other;
    const person = await other.signUp();
    await open("/settings/keys");
    await page.getByRole("list", { name: "Keys" }).getByText("root", { exact: true }).waitFor();
    await page.getByRole("list", { name: "Nodes" }).getByText("this node").waitFor();
    await page.getByRole("button", { name: "Take back" }).click();
    await page.getByLabel("Recovery code").fill(person.recoveryCode);
    await page.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
    await page.getByRole("link", { name: "Create an account" }).waitFor();
    await expect(person.client.call("GET /api/v3/user", {})).rejects.toMatchObject({ status: 401 });
    expect(other.complaints).toEqual([]);
  });
});

describe("a picture", () => {
  test("is cropped to a square in the browser, seen wherever its person is, and taken away", async () => {
    const { page, open } = visitor;
    await open("/settings/profile");
    const before = await page.request.get(`/${owner.login}.png`);
    expect(before.headers()["content-type"]).toBe("image/svg+xml");
    const buffer = await page.screenshot({ clip: { x: 0, y: 0, width: 900, height: 600 } });
    const file = { name: "harbour.png", mimeType: "image/png", buffer };
    await page.getByLabel("Picture file").setInputFiles(file);
    const dialog = page.getByRole("dialog", { name: "Crop your new picture" });
    await dialog.getByLabel("Zoom").fill("2");
    expect(await visitor.findBarriers()).toEqual([]);
    await dialog.getByRole("button", { name: "Set new picture" }).click();
    await page.getByText("Picture saved").waitFor();
    const menu = page.getByRole("button", { name: `Account menu of ${owner.login}` }).locator("img");
    await expect.poll(() => menu.getAttribute("src"), { timeout: 20_000 }).toMatch(/-[0-9a-f]{64}\.webp$/);
    await expect
      .poll(
        () =>
          menu.evaluate((image) => [(image as HTMLImageElement).complete, (image as HTMLImageElement).naturalWidth]),
        {
          timeout: 20_000,
        },
      )
      .toEqual([true, 460]);
    const { avatar_url } = await owner.client.call("GET /api/v3/user", {});
    const picture = await page.request.get(avatar_url);
    expect(readImageHeader(await picture.body())).toEqual({ format: "webp", width: 460, height: 460 });
    await open("/settings/profile");
    await page.getByRole("button", { name: "Remove picture" }).click();
    await page.getByText("Picture removed").waitFor();
    await expect.poll(() => menu.getAttribute("src"), { timeout: 20_000 }).toMatch(/\.svg$/);
  });
});

describe("e-mail addresses", () => {
  test("are added, shown or kept private, and removed, on a page that says that no mail is sent", async () => {
    const { page, open } = visitor;
    await open("/settings/emails");
    await page.getByText("This node sends no mail").waitFor();
    const isPrivate = page.getByLabel("Keep my e-mail address private");
    for (const address of ["ada@harbour.example", "a@pier.example"]) {
      await page.getByLabel("Add an address").fill(address);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByRole("listitem").filter({ hasText: address }).getByText("Not verified").waitFor();
    }
    expect(await isPrivate.isChecked()).toBe(true);
    await isPrivate.click();
    await expect.poll(() => isPrivate.isChecked()).toBe(false);
    await page.getByText("Public", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Make a@pier.example primary" }).click();
    await page.getByRole("button", { name: "Remove ada@harbour.example" }).click();
    await page.getByRole("button", { name: "Remove ada@harbour.example" }).waitFor({ state: "detached" });
    expect(await visitor.findBarriers()).toEqual([]);
    const { email } = await owner.client.call("GET /api/v3/user", {});
    expect(email).toBe("a@pier.example");
    await page.getByRole("button", { name: "Remove a@pier.example" }).click();
    await page.getByRole("list", { name: "Addresses" }).waitFor({ state: "detached" });
  });
});

describe("people", () => {
  test("follow each other, and are counted and listed where they do", async () => {
    await using guest = await web.newVisitor();
    const { page, open } = guest;
    const follower = await guest.signUp();
    await open(`/${owner.login}`);
    await page.getByRole("button", { name: `Follow ${owner.login}` }).click();
    await page.getByRole("button", { name: `Unfollow ${owner.login}` }).waitFor();
    await page.getByRole("link", { name: "1 follower" }).click();
    await page.getByRole("heading", { name: "Followers" }).waitFor();
    const list = page.getByRole("region", { name: "Followers" }).getByRole("listitem");
    await list.getByRole("link", { name: follower.login }).waitFor();
    expect(await guest.findBarriers()).toEqual([]);
    await open(`/${follower.login}?tab=following`);
    await page.getByRole("button", { name: `Unfollow ${owner.login}` }).click();
    await page.getByText("You follow nobody yet").waitFor();
    expect(guest.complaints).toEqual([]);
  });
});
