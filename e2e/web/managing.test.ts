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
    await page.getByRole("button", { name: "Save", exact: true }).click();
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
    await page.getByRole("button", { name: "Protected by a rule: what may I do with main?" }).click();
    const told = page.getByRole("dialog", { name: "What may I do with main?" });
    await told.getByText("changes must come by a pull request with 2 approvals").first().waitFor();
    await told.getByText("it may not be deleted").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Rename branch main" }).click();
    await page.getByRole("dialog").getByLabel("New name").fill("trunk");
    await page.getByRole("button", { name: "Rename branch" }).last().click();
    await page.getByText("git branch -m main trunk").waitFor();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Protected by a rule: what may I do with trunk?" }).waitFor();
    await open(`/${owner.login}/${name}/blob/main/README.md`);
    await page.waitForURL(`**/${owner.login}/${name}/blob/trunk/README.md`);
    await open(`/${owner.login}/${name}/settings/branches`);
    await page.getByRole("button", { name: "Edit the rule for trunk" }).click();
    expect(await page.getByLabel("Approvals", { exact: true }).inputValue()).toBe("2");
    const exempt = page.getByRole("combobox", { name: "People and teams who need no pull request" });
    await exempt.fill(owner.login);
    await exempt.press("Enter");
    await page.getByRole("button", { name: `Remove ${owner.login}` }).waitFor();
    await page.getByRole("button", { name: "Save rule" }).click();
    await page.getByText(`No pull request from ${owner.login}`).waitFor();
    const exempted = await git.try(["-C", folder, "push", url, "HEAD:trunk"]);
    expect(exempted.exitCode, exempted.stderr).toBe(0);
    await page.getByRole("button", { name: "Remove the rule for trunk" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("Nothing is protected yet").waitFor();
    const anew = await git.try(["-C", folder, "push", url, "HEAD:main"]);
    expect([anew.exitCode, anew.stderr]).toEqual([0, expect.stringContaining("main was renamed to trunk before")]);
  });
});

describe("an organization", () => {
  /** Makes an organization in the browser, and answers its handle. */
  async function createOrganization(): Promise<string> {
    const { page, open } = visitor;
    const org = uniqueName("works");
    await open("/organizations/new");
    await page.getByLabel("Handle").fill(org);
    await page.getByLabel("Display name").fill("The Works");
    await page.getByRole("button", { name: "Create organization" }).click();
    await page.waitForURL(`**/${org}`);
    await page.getByRole("heading", { name: "The Works" }).waitFor();
    return org;
  }

  async function invite(org: string, login: string): Promise<void> {
    const { page, open } = visitor;
    await open(`/orgs/${org}/people`);
    await page.getByLabel("Invite by handle").fill(login);
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    await page.getByRole("region", { name: "Pending invitations" }).getByText(login).waitFor();
  }

  test("grows from its creation to a push by a member of a team, which loses it with the team’s role", async () => {
    const { page, open } = visitor;
    const org = await createOrganization();
    await using friend = await web.newVisitor();
    const { login, token } = await friend.signUp();
    await invite(org, login);
    await friend.open("/");
    await friend.page.getByRole("main").getByRole("link", { name: "Answer" }).click();
    await friend.page.getByRole("button", { name: `Join ${org}` }).click();
    await friend.page.waitForURL(`**/${org}`);

    await open(`/${org}`);
    await page.getByRole("main").getByRole("link", { name: "New repository" }).click();
    expect(await page.getByLabel("Owner", { exact: true }).inputValue()).toBe(org);
    await page.getByLabel("Repository name").fill("crane");
    await page.getByRole("radio", { name: /^Private/ }).check();
    await page.getByRole("button", { name: "Create repository" }).click();
    await page.waitForURL(`**/${org}/crane`);
    const { git } = web.forge;
    const folder = web.forge.newFolder();
    await git.run(["init", "-q", folder]);
    await git.commit(folder, "README.md", "# Crane\n");
    const url = `${web.forge.baseUrl.replace("//", `//${login}:${token}@`)}/${org}/crane.git`;
    const push = async (branch: string): Promise<number | null> =>
      (await git.try(["-C", folder, "push", "-q", url, `HEAD:refs/heads/${branch}`])).exitCode;
    expect(await push("main")).not.toBe(0);

    await open(`/orgs/${org}/teams`);
    await page.getByRole("link", { name: "New team" }).click();
    await page.getByLabel("Team name").fill("Crane crew");
    await page.getByRole("button", { name: "Create team" }).click();
    await page.waitForURL(`**/orgs/${org}/teams/crane-crew`);
    await page.getByLabel(`Add somebody of ${org}`).fill(login);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("list", { name: "Members" }).getByRole("link", { name: login }).waitFor();
    await open(`/${org}/crane/settings/access`);
    await page.getByRole("combobox", { name: "Add a team" }).fill("Crane crew");
    await page.getByRole("button", { name: "Add team" }).click();
    await page.getByRole("combobox", { name: "Role of the team Crane crew" }).waitFor();
    expect(await push("main")).toBe(0);

    await page.getByLabel("Handle", { exact: true }).fill(login);
    await page.getByRole("button", { name: "Explain" }).click();
    const why = page.getByRole("dialog", { name: `Access of ${login}` });
    await why.getByText(`${login} may push.`).waitFor();
    await why.getByText("is a member of the team Crane crew, which has the role write").waitFor();
    await why.getByText("Write · decides").waitFor();
    expect(await visitor.findBarriers()).toEqual([]);
    await page.keyboard.press("Escape");
    await why.waitFor({ state: "detached" });

    const role = page.getByRole("combobox", { name: "Role of the team Crane crew" });
    await role.selectOption("pull");
    await page.getByText("Changed the role of Crane crew").waitFor();
    expect(await push("other")).not.toBe(0);
    expect(friend.complaints).toEqual([]);
  });

  test("tells its only owner why they cannot leave, and lets a member leave", async () => {
    const { page, open } = visitor;
    const org = await createOrganization();
    await using friend = await web.newVisitor();
    const { login } = await friend.signUp();
    await invite(org, login);
    await page.getByText("You are the only owner").waitFor();
    expect(await page.getByRole("button", { name: "Leave" }).isDisabled()).toBe(true);
    await friend.open(`/orgs/${org}/invitation`);
    await friend.page.getByRole("button", { name: `Join ${org}` }).click();
    await friend.page.waitForURL(`**/${org}`);

    await open(`/orgs/${org}/people`);
    await page.getByRole("combobox", { name: `Role of ${login}` }).selectOption("owner");
    await page.getByRole("dialog").getByRole("button", { name: "Make owner" }).click();
    await page.getByText("You are the only owner").waitFor({ state: "detached" });
    await friend.open("/settings/organizations");
    await friend.page.getByRole("button", { name: `Leave ${org}` }).click();
    await friend.page
      .getByRole("dialog")
      .getByRole("button", { name: `Leave ${org}` })
      .click();
    await friend.page.getByRole("heading", { name: "You are in no organization" }).waitFor();
    await page.reload();
    await page.getByText("You are the only owner").waitFor();
    expect(await page.getByRole("link", { name: login }).count()).toBe(0);
  });

  test("takes an invitation back, and loses one that is declined", async () => {
    const { page } = visitor;
    const org = await createOrganization();
    await using friend = await web.newVisitor();
    const { login } = await friend.signUp();
    const pending = page.getByRole("region", { name: "Pending invitations" });
    await invite(org, login);
    await friend.open(`/orgs/${org}/invitation`);
    await friend.page.getByRole("button", { name: "Decline" }).click();
    await friend.page.getByRole("heading", { name: "No open invitation" }).waitFor();
    await invite(org, login);
    await page.getByRole("button", { name: `Cancel the invitation of ${login}` }).click();
    await pending.waitFor({ state: "detached" });
  });

  test("shows strangers its public repositories only, and its teams to nobody outside", async () => {
    const org = await createOrganization();
    await using stranger = await web.newVisitor();
    await stranger.signUp();
    await stranger.open(`/${org}`);
    await stranger.page.getByText("Nobody shows that they are a member.").waitFor();
    expect(await stranger.page.getByRole("link", { name: /^Teams/ }).count()).toBe(0);
    expect(await stranger.page.getByRole("main").getByRole("link", { name: "New repository" }).count()).toBe(0);
    await stranger.open(`/organizations/${org}/settings/profile`);
    await stranger.page.getByRole("heading", { name: "Nothing is here" }).waitFor();
  });

  test("changes a team and its people, then its own handle, and ends", async () => {
    const { page, open } = visitor;
    const org = await createOrganization();
    await open(`/orgs/${org}/new-team`);
    await page.getByLabel("Team name").fill("Pilots");
    await page.getByRole("button", { name: "Create team" }).click();
    await page.getByRole("heading", { name: "Nobody is in this team yet" }).waitFor();
    await page.getByLabel(`Add somebody of ${org}`).fill(owner.login);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("button", { name: "Leave the team" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Leave team" }).click();
    await page.getByRole("heading", { name: "Nobody is in this team yet" }).waitFor();

    await page.getByRole("navigation", { name: "Team", exact: true }).getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Team name").fill("Sea pilots");
    await page.getByRole("radio", { name: /^Secret/ }).check();
    await page.getByRole("button", { name: "Save team" }).click();
    await page.waitForURL(`**/orgs/${org}/teams/sea-pilots/edit`);
    await page.getByRole("heading", { name: "Sea pilots" }).waitFor();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByLabel("To confirm, type Sea pilots").fill("Sea pilots");
    await page.getByRole("button", { name: "Delete this team" }).click();
    await page.getByRole("heading", { name: "Put people who work together into a team" }).waitFor();

    await open("/settings/organizations");
    await page.getByRole("combobox", { name: `Who sees that you are in ${org}` }).selectOption("public");
    await page.getByText("Everybody sees your membership now").waitFor();
    await using stranger = await web.newVisitor();
    await stranger.open(`/${owner.login}`);
    await stranger.page.getByRole("link", { name: org }).click();
    await stranger.page.waitForURL(`**/${org}`);

    await open(`/organizations/${org}/settings/profile`);
    await page.getByRole("button", { name: "Change handle" }).click();
    await page.getByLabel("New handle").fill(`${org}-b`);
    await page.getByRole("dialog").getByRole("button", { name: "Change handle" }).click();
    await page.waitForURL(`**/organizations/${org}-b/settings/profile`);
    await open(`/orgs/${org}/people`);
    await page.waitForURL(`**/orgs/${org}-b/people`);
    await open(`/organizations/${org}-b/settings/profile`);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByLabel(`To confirm, type ${org}-b`).fill(`${org}-b`);
    await page.getByRole("button", { name: "Delete this organization" }).click();
    await page.waitForURL("**/settings/organizations");
    await open(`/${org}-b`);
    await page.getByRole("heading", { name: "Nothing is here" }).waitFor();
  });
});
