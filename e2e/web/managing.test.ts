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

async function createRepository(name = uniqueName("repo"), isPrivate = false): Promise<string> {
  const { page, open } = visitor;
  await open("/new");
  await page.getByLabel("Repository name").fill(name);
  await page.getByRole("radio", { name: isPrivate ? /^Private/ : /^Public/ }).check();
  await page.getByRole("button", { name: "Create repository" }).click();
  await page.waitForURL(`**/${owner.login}/${name}`);
  return name;
}

describe("creating a repository", () => {
  test("says honestly who can read a private one", async () => {
    const { page, open } = visitor;
    await open("/new");
    const warning = page.getByText("Operators of nodes can read private repositories.");
    expect(await warning.count()).toBe(0);
    await page.getByRole("radio", { name: /^Private/ }).check();
    await warning.waitFor();
  });

  test("refuses a name that git or a URL could not carry", async () => {
    const { page, open } = visitor;
    await open("/new");
    await page.getByLabel("Repository name").fill("no spaces");
    expect(await page.getByRole("button", { name: "Create repository" }).isDisabled()).toBe(true);
  });

  test("tells what is wrong when the name is taken", async () => {
    const { page, open } = visitor;
    const name = await createRepository();
    await open("/new");
    await page.getByLabel("Repository name").fill(name);
    await page.getByRole("button", { name: "Create repository" }).click();
    await page.getByRole("alert").waitFor();
  });

  test("ends on commands that fill it", async () => {
    const { page } = visitor;
    const name = await createRepository();
    const commands = page.getByLabel("Commands for a new directory", { exact: true });
    const script = (await commands.textContent())!.replace("://", `://${owner.login}:${owner.token}@`);
    const folder = web.forge.newFolder();
    await web.forge.git.run(["init", "-q", folder]);
    // git itself runs the lines that the page shows, as a shell would: `!` aliases are handed to one.
    await web.forge.git.run(["-c", `alias.follow=!set -e; ${script.replaceAll("\n", "; ")}`, "follow"], {
      cwd: folder,
    });
    await page.reload();
    await page.getByRole("row", { name: /README\.md/ }).waitFor();
    await page.getByRole("region", { name: "README.md" }).getByRole("heading", { name }).waitFor();
  });

  test("lists it at home and on the owner's page, where strangers do not see private ones", async () => {
    const { page, open } = visitor;
    const [shown, hidden] = [await createRepository(), await createRepository(uniqueName("secret"), true)];
    for (const path of ["/", `/${owner.login}`]) {
      await open(path);
      await page
        .getByRole("main")
        .getByRole("link", { name: new RegExp(shown) })
        .first()
        .waitFor();
      await page
        .getByRole("main")
        .getByRole("link", { name: new RegExp(hidden) })
        .first()
        .waitFor();
    }
    await using stranger = await web.newVisitor();
    await stranger.open(`/${owner.login}`);
    await stranger.page.getByRole("link", { name: shown }).waitFor();
    expect(await stranger.page.getByRole("link", { name: hidden }).count()).toBe(0);
  });
});

describe("settings of a repository", () => {
  test("rename it and lead from the old address to the new", async () => {
    const { page, open } = visitor;
    const name = await createRepository();
    await open(`/${owner.login}/${name}/settings`);
    await page.getByLabel("Repository name").fill(`${name}-b`);
    await page.getByRole("button", { name: "Rename" }).click();
    await page.waitForURL(`**/${owner.login}/${name}-b/settings`);
    await open(`/${owner.login}/${name}`);
    await page.waitForURL(`**/${owner.login}/${name}-b`);
  });

  test("change description and visibility", async () => {
    const { page, open } = visitor;
    const name = await createRepository();
    await open(`/${owner.login}/${name}/settings`);
    await page.getByLabel("Description").fill("Where ships land");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved").waitFor();
    await page.getByRole("button", { name: "Change visibility" }).click();
    await page.getByLabel(/To confirm, type/).fill(`${owner.login}/${name}`);
    await page.getByRole("button", { name: "Make private" }).click();
    await page.getByText("This repository is private.").waitFor();
    await open(`/${owner.login}/${name}`);
    await page.getByText("Where ships land").first().waitFor();
    await using stranger = await web.newVisitor();
    await stranger.open(`/${owner.login}/${name}`);
    await stranger.page.getByRole("heading", { name: "Nothing is here" }).waitFor();
  });

  test("archive it, which every page of it says, and take that back", async () => {
    const { page, open } = visitor;
    const name = await createRepository();
    await open(`/${owner.login}/${name}/settings`);
    await page.getByRole("button", { name: "Archive", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
    await page.getByText("This repository is archived").waitFor();
    await page.getByRole("button", { name: "Unarchive", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Unarchive" }).click();
    await page.getByText("This repository is archived").waitFor({ state: "detached" });
  });

  test("hand it over to somebody who agrees", async () => {
    const { page, open } = visitor;
    const name = await createRepository();
    await using heir = await web.newVisitor();
    const { login } = await heir.signUp();
    await open(`/${owner.login}/${name}/settings`);
    await page.getByRole("button", { name: "Transfer", exact: true }).click();
    await page.getByLabel("Handle of the new owner").fill(login);
    await page.getByLabel(/To confirm, type/).fill(`${owner.login}/${name}`);
    await page.getByRole("dialog").getByRole("button", { name: "Transfer" }).click();
    await page.getByText(`Offered to ${login}`).waitFor();
    await heir.open("/");
    await heir.page.getByText("1 repository is offered to you").waitFor();
    await heir.page.getByRole("link", { name: "Answer" }).click();
    await heir.page.getByRole("button", { name: "Take over" }).click();
    await heir.page.waitForURL(`**/${login}/${name}`);
    await open(`/${owner.login}/${name}`);
    await page.waitForURL(`**/${login}/${name}`);
  });

  test("delete it only after its whole name was typed", async () => {
    const { page, open } = visitor;
    const name = await createRepository();
    await open(`/${owner.login}/${name}/settings`);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const confirm = page.getByRole("button", { name: "Delete this repository" });
    await page.getByLabel(/To confirm, type/).fill(name);
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel(/To confirm, type/).fill(`${owner.login}/${name}`);
    await confirm.click();
    await page.waitForURL(`**/${owner.login}`);
    await open(`/${owner.login}/${name}`);
    await page.getByRole("heading", { name: "Nothing is here" }).waitFor();
  });

  test("are not there for somebody who may only read", async () => {
    const name = await createRepository();
    await using stranger = await web.newVisitor();
    await stranger.signUp();
    await stranger.open(`/${owner.login}/${name}`);
    expect(await stranger.page.getByRole("link", { name: "Settings", exact: true }).count()).toBe(0);
    await stranger.open(`/${owner.login}/${name}/settings`);
    await stranger.page.getByRole("heading", { name: "Nothing is here" }).waitFor();
  });
});

describe("collaborators", () => {
  test("are invited by handle, see nothing before they accept, and everything after", async () => {
    const { page, open } = visitor;
    const name = await createRepository(uniqueName("shared"), true);
    await using friend = await web.newVisitor();
    const { login } = await friend.signUp();
    await open(`/${owner.login}/${name}/settings/access`);
    await page.getByLabel("Invite by handle").fill(login);
    await page.getByLabel("Role").selectOption("push");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    await page.getByRole("region", { name: "Pending invitations" }).getByText(login).waitFor();

    await friend.open(`/${owner.login}/${name}`);
    await friend.page.getByRole("heading", { name: "Nothing is here" }).waitFor();
    await friend.open(`/${owner.login}/${name}/invitations`);
    await friend.page.getByRole("button", { name: "Accept invitation" }).click();
    await friend.page.waitForURL(`**/${owner.login}/${name}`);
    await friend.page.getByRole("heading", { name: "Push a first commit" }).waitFor();

    await page.reload();
    const people = page.getByRole("region", { name: "People with access" });
    await people.getByRole("link", { name: login }).waitFor();
    await people.getByRole("button", { name: `Remove ${login}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await people.getByRole("link", { name: login }).waitFor({ state: "detached" });
    await friend.open(`/${owner.login}/${name}`);
    await friend.page.getByRole("heading", { name: "Nothing is here" }).waitFor();
  });

  test("may decline, and an invitation can be withdrawn", async () => {
    const { page, open } = visitor;
    const name = await createRepository();
    await using friend = await web.newVisitor();
    const { login } = await friend.signUp();
    const invite = async (): Promise<void> => {
      await open(`/${owner.login}/${name}/settings/access`);
      await page.getByLabel("Invite by handle").fill(login);
      await page.getByRole("button", { name: "Invite", exact: true }).click();
      await page.getByRole("button", { name: `Withdraw the invitation of ${login}` }).waitFor();
    };
    await invite();
    await friend.open("/invitations");
    await friend.page.getByRole("button", { name: "Decline" }).click();
    await friend.page.getByRole("heading", { name: "No invitations" }).waitFor();
    await invite();
    await page.getByRole("button", { name: `Withdraw the invitation of ${login}` }).click();
    await page.getByRole("region", { name: "Pending invitations" }).waitFor({ state: "detached" });
  });
});

describe("one's own settings", () => {
  test("make a token that git can push with, show it once, and revoke it", async () => {
    const { page, open } = visitor;
    const name = await createRepository();
    const label = uniqueName("laptop");
    await open("/settings/tokens");
    await page.getByRole("button", { name: "New token" }).click();
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

  test("save the profile that others see", async () => {
    const { page, open } = visitor;
    await open("/settings/profile");
    await page.getByLabel("Name", { exact: true }).fill("Ada of the Harbour");
    await page.getByRole("button", { name: "Save profile" }).click();
    await page.getByText("Profile saved").waitFor();
    await open(`/${owner.login}`);
    await page.getByRole("heading", { name: "Ada of the Harbour" }).waitFor();
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
    await page.getByText("this one").waitFor();
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

describe("protection", () => {
  test("is set in the browser, shown beside the branch, told to who pushes, and taken away", async () => {
    const { page, open } = visitor;
    const name = await createRepository();
    const { git } = web.forge;
    const folder = web.forge.newFolder();
    await git.run(["init", "-q", folder]);
    await git.commit(folder, "README.md", "# Harbour\n");
    const url = `${web.forge.baseUrl.replace("//", `//${owner.login}:${owner.token}@`)}/${owner.login}/${name}.git`;
    await git.run(["-C", folder, "push", "-q", url, "HEAD:refs/heads/main"]);
    await open(`/${owner.login}/${name}/settings/branches`);
    await page.getByText("Nothing is protected yet").waitFor();
    await page.getByRole("button", { name: "New rule" }).click();
    await page.getByLabel("Name or pattern").fill("main");
    await page.getByLabel("Require a pull request").check();
    await page.getByLabel("Approvals", { exact: true }).selectOption("2");
    await page.getByLabel("Include administrators").check();
    await page.getByRole("button", { name: "Create rule" }).click();
    await page.getByText("Protected main").waitFor();
    await page.getByText("Pull request, 2 approvals").waitFor();
    await git.commit(folder, "pier.md", "Boats.\n");
    const pushed = await git.try(["-C", folder, "push", url, "HEAD:main"]);
    expect([pushed.exitCode, pushed.stderr]).toEqual([1, expect.stringContaining("pull request with 2 approvals")]);
    await open(`/${owner.login}/${name}/branches`);
    await page.getByLabel("Protected by a rule").waitFor();
    await open(`/${owner.login}/${name}/settings/branches`);
    await page.getByRole("button", { name: "Edit the rule for main" }).click();
    expect(await page.getByLabel("Approvals", { exact: true }).inputValue()).toBe("2");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Remove the rule for main" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("Nothing is protected yet").waitFor();
    const again = await git.try(["-C", folder, "push", url, "HEAD:main"]);
    expect(again.exitCode, again.stderr).toBe(0);
  });
});
