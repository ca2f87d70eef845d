import { readFileSync } from "node:fs";
import { join } from "node:path";

import { checkTransactionProof, genesisHash, parseGenesis, provenAct } from "@guts/ledger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { enterAsAdministrator } from "../harness/administrator.ts";
import { uniqueName } from "../harness/forge.ts";
import { createKeyPair, fingerprintOf, sshUser } from "../harness/ssh.ts";
import {
  addAuthenticator,
  confirmRecoveryCode,
  startWeb,
  type SignedUp,
  type Visitor,
  type Web,
} from "../harness/web.ts";

let web: Web;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web[Symbol.asyncDispose]());

describe("signing up", () => {
  test("makes an account whose key stays on the device, and signs in", async () => {
    await using visitor = await web.newVisitor();
    const sent: string[] = [];
    visitor.page.on("request", (request) => sent.push(request.postData() ?? ""));
    const person = await visitor.signUp();
    await visitor.page.getByRole("button", { name: `Account menu of ${person.login}` }).waitFor();
    const plainCode = person.recoveryCode.replaceAll("-", "");
    expect(sent.some((body) => body.includes(person.recoveryCode) || body.includes(plainCode))).toBe(false);
    expect(visitor.complaints).toEqual([]);
  });

  test("says that a handle is taken before anything is made", async () => {
    await using visitor = await web.newVisitor();
    const taken = await web.forge.signUp();
    await visitor.open("/signup");
    await visitor.page.getByLabel("Handle").fill(taken.login);
    await visitor.page.getByText(`The handle ${taken.login} is taken.`).waitFor();
  });

  test("does not go on without a part of the recovery code", async () => {
    await using visitor = await web.newVisitor();
    const { page } = visitor;
    await visitor.open("/signup");
    await page.getByLabel("Handle").fill(uniqueName("ida"));
    await page.getByRole("button", { name: "Continue" }).click();
    const next = page.getByRole("button", { name: "Continue" });
    expect(await next.isDisabled()).toBe(true);
    await page.getByLabel("I saved it where I will find it again").check();
    await next.click();
    await page.getByLabel(/of your recovery code/).fill("U0U0");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByText("That is not this group").waitFor();
  });

  test("offers the recovery code as a file that holds it", async () => {
    await using visitor = await web.newVisitor();
    const { page } = visitor;
    await visitor.open("/signup");
    await page.getByLabel("Handle").fill(uniqueName("ida"));
    await page.getByRole("button", { name: "Continue" }).click();
    const groups = await page.getByRole("list", { name: "Your recovery code" }).getByRole("listitem").allTextContents();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const chunks: Uint8Array[] = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Uint8Array);
    expect(Buffer.concat(chunks).toString()).toContain(groups.join("-"));
    expect(visitor.complaints).toEqual([]);
  });
});

describe("signing in and out", () => {
  test("leads back to the page that asked for it", async () => {
    await using visitor = await web.newVisitor();
    const { page } = visitor;
    const person = await visitor.signUp();
    await page.getByRole("button", { name: /Account menu/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Create an account" }).waitFor();
    await visitor.open("/settings/tokens");
    await page.getByLabel("Handle").fill(person.login);
    await page.getByLabel("Password").fill(person.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Access tokens" }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  test("says the same of a wrong password and of nobody", async () => {
    await using visitor = await web.newVisitor();
    const { page } = visitor;
    const person = await web.forge.signUp();
    const messages: (string | null)[] = [];
    for (const login of [person.login, "nobody-of-that-name"]) {
      await visitor.open("/signin");
      await page.getByLabel("Handle").fill(login);
      await page.getByLabel("Password").fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      messages.push(await page.getByRole("alert").textContent());
    }
    expect(messages[0]).toBe(messages[1]);
  });

  test("never follows a return address to another site", async () => {
    await using visitor = await web.newVisitor();
    const { page } = visitor;
    const person = await visitor.signUp();
    await page.context().clearCookies();
    await visitor.open("/signin?return=//evil.example/");
    await page.getByLabel("Handle").fill(person.login);
    await page.getByLabel("Password").fill(person.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Your repositories" }).waitFor();
    expect(page.url()).toBe(`${web.forge.baseUrl}/`);
  });
});

describe("passkeys", () => {
  /** A browser at the node's name: browsers make no passkeys for numeric addresses. */
  const newKeyHolder = () => web.newVisitor({ baseURL: web.forge.baseUrl.replace("127.0.0.1", "localhost") });

  test("open an account without a password, and sign in to it again", async () => {
    await using visitor = await newKeyHolder();
    const { page } = visitor;
    const credentialCount = await addAuthenticator(page);
    // The authenticator takes every suggestion by itself, which would leave no time for the button.
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
    });
    await visitor.open("/signup");
    const login = uniqueName("key");
    await page.getByLabel("Handle").fill(login);
    await page.getByLabel("Make a passkey").check();
    await page.getByRole("button", { name: "Continue" }).click();
    await confirmRecoveryCode(page);
    expect(await credentialCount()).toBe(1);
    await page.context().clearCookies();
    await visitor.open("/signin");
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByRole("button", { name: `Account menu of ${login}` }).waitFor();
    await visitor.open("/settings/passkeys");
    await page.getByText("Last used").waitFor();
    expect(await visitor.findBarriers()).toEqual([]);
    expect(visitor.complaints).toEqual([]);
  });

  test("are added, suggested, renamed and removed in the settings; a removed one signs in no more", async () => {
    await using visitor = await newKeyHolder();
    const { page } = visitor;
    const credentialCount = await addAuthenticator(page);
    await visitor.open("/signup");
    const login = uniqueName("key");
    await page.getByLabel("Handle").fill(login);
    await page.getByRole("button", { name: "Continue" }).click();
    await confirmRecoveryCode(page);
    await visitor.open("/settings/passkeys");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("button", { name: /^Rename / }).waitFor();
    await page.context().clearCookies();
    await page.goto("/signin?return=/settings/passkeys");
    await page.getByRole("button", { name: `Account menu of ${login}` }).waitFor();
    await page.getByRole("button", { name: /^Rename / }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("my key");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Remove my key" }).click();
    await page.getByText("you have no password at this node").waitFor();
    await page.getByRole("button", { name: "Remove passkey" }).click();
    await page.getByText("No passkeys").waitFor();
    expect(await credentialCount()).toBe(1);
    await page.context().clearCookies();
    await visitor.open("/signin");
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByText("This node does not know this passkey").waitFor();
  });
});

describe("signing in a device", () => {
  test("lets it in by its code, after naming what it will be able to do", async () => {
    await using visitor = await web.newVisitor();
    const { page } = visitor;
    await visitor.signUp();
    const post = async (path: string, fields: Readonly<Record<string, string>>): Promise<Record<string, string>> => {
      const init = { method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams(fields) };
      return (await (await fetch(web.forge.baseUrl + path, init)).json()) as Record<string, string>;
    };
    const begun = await post("/login/device/code", { client_id: "guts-cli", scope: "repo,user" });
    await visitor.open("/login/device");
    await page.getByLabel("Code").fill(begun["user_code"]!.toLowerCase());
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Let “guts command” in?" }).waitFor();
    await page.getByText("Read and push all repositories you can").waitFor();
    expect(await visitor.findBarriers()).toEqual([]);
    await page.getByRole("button", { name: "Authorize" }).click();
    await page.getByRole("heading", { name: "The device is signed in" }).waitFor();
    const grant = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code: begun["device_code"]! };
    const granted = await post("/login/oauth/access_token", { ...grant, client_id: "guts-cli" });
    expect(granted).toMatchObject({ access_token: expect.stringMatching(/^guts_/), scope: "repo,user" });
    expect(visitor.complaints).toEqual([]);
  });
});

describe("the security log", () => {
  test("is narrowed by its filter, and each act's proof holds without the node", async () => {
    await using visitor = await web.newVisitor();
    const { page } = visitor;
    const person = await visitor.signUp();
    await visitor.open("/settings/security-log");
    const log = page.getByRole("list", { name: "Security log" });
    await log.getByText("user.create").waitFor();
    await page.getByLabel("Action").fill("personal_access_token");
    await page.getByLabel("By", { exact: true }).fill(person.login);
    await page.getByRole("button", { name: "Filter" }).click();
    await log.getByText("user.create").waitFor({ state: "detached" });
    await log.getByText("personal_access_token.create").waitFor();
    expect(new URL(page.url()).searchParams.get("actor")).toBe(person.login);
    await page.getByRole("button", { name: /^Verify personal_access_token.create/ }).click();
    const dialog = page.getByRole("dialog", { name: "Verify personal_access_token.create" });
    expect(await visitor.findBarriers()).toEqual([]);
    const hrefs = await dialog
      .getByRole("link")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")!));
    const [proof, document] = await Promise.all(
      hrefs.map(async (href) => new Uint8Array(await (await page.request.get(href)).body())),
    );
    const { genesis } = parseGenesis(document!);
    const checked = checkTransactionProof(proof!, genesisHash(genesis!), genesis!.validators);
    const proven = checked.refusal === undefined ? checked.proven : undefined;
    const { id } = await person.client.call("GET /api/v3/user", {});
    expect(provenAct(proven!)).toMatchObject({ action: "personal_access_token.create", actor: id });
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Clear" }).click();
    await log.getByText("user.create").waitFor();
    await page.getByLabel("Until").fill("2020-01-01");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByRole("heading", { name: "Nothing in this log is so" }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });
});

describe("limits", () => {
  test("say what is left, and count what is written", async () => {
    await using visitor = await web.newVisitor();
    const { page } = visitor;
    const person = await visitor.signUp();
    await visitor.open("/settings/limits");
    const left = () => page.getByRole("meter", { name: "New repositories left" }).getAttribute("value");
    const before = Number(await left());
    await person.client.call("POST /api/v3/user/repos", { body: { name: uniqueName("repo") } });
    await page.reload();
    await page.getByText("1 used. 10 come back each minute. Full again in 1 minute.").waitFor();
    expect(Number(await left())).toBe(before - 1);
    expect(visitor.complaints).toEqual([]);
  });
});

describe("the administration of the network", () => {
  test("is for its administrators: who suspends gives a reason, which the account reads once it is let go", async () => {
    await using administrator = await web.newVisitor();
    await using visitor = await web.newVisitor();
    const person = await visitor.signUp();
    const { page, open } = administrator;
    await visitor.open("/admin/accounts");
    await visitor.page.getByRole("heading", { name: "Nothing is here" }).waitFor();
    await enterAsAdministrator(web.forge, administrator);
    await open("/");
    await page.getByRole("button", { name: /Account menu/ }).click();
    await page.getByRole("menuitem", { name: "Site admin" }).click();
    await page.getByRole("searchbox", { name: /Find a handle/ }).fill(person.login.slice(0, 8));
    await page.keyboard.press("Enter");
    expect(await administrator.findBarriers()).toEqual([]);
    await page.getByRole("list", { name: "Accounts" }).getByRole("link", { name: person.login }).click();
    await page.getByRole("button", { name: "Suspend", exact: true }).click();
    await page.getByLabel("Reason").fill("advertising");
    expect(await administrator.findBarriers()).toEqual([]);
    await page.getByRole("button", { name: "Suspend account" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByText("advertising").waitFor();
    await expect(person.client.call("GET /api/v3/user", {})).rejects.toMatchObject({ status: 403 });
    await open("/admin/accounts?suspended=true");
    await page.getByRole("list", { name: "Accounts" }).getByRole("link", { name: person.login }).click();
    await page.getByRole("button", { name: "Let it act again" }).click();
    await page.getByLabel("Reason").fill("a mistake");
    await page.getByRole("dialog").getByRole("button", { name: "Let it act again" }).click();
    await page.getByText("Acts as usual").waitFor();
    await page.getByRole("button", { name: "Change budget" }).click();
    await page.getByLabel("Changes", { exact: true }).fill("5000");
    await page.getByRole("button", { name: "Save budget" }).click();
    await page.getByText("5,000 of 5,000 left").waitFor();
    await open("/admin/nodes");
    await page.getByRole("button", { name: /^Change budget of/ }).waitFor();
    expect(await administrator.findBarriers()).toEqual([]);
    await page.getByRole("button", { name: /^Change budget of/ }).click();
    await page.getByLabel("New accounts", { exact: true }).fill("20000");
    await page.getByRole("button", { name: "Save budget" }).click();
    await page.getByText("20,000 of 20,000 left").waitFor();
    await open("/admin/audit-log?action=user.suspend");
    await page.getByText("advertising").waitFor();
    await visitor.open("/settings/security-log");
    for (const reason of ["advertising", "a mistake"]) await visitor.page.getByText(reason).waitFor();
    await visitor.open("/settings/limits");
    await visitor.page.getByText("An administrator of the network set this").waitFor();
    expect([...administrator.complaints, ...visitor.complaints]).toEqual([]);
  });

  test("closes registration, except for who has an invitation that is good even then", async () => {
    await using administrator = await web.newVisitor();
    const { page, open } = administrator;
    await enterAsAdministrator(web.forge, administrator);
    await open("/admin/registration");
    expect(await administrator.findBarriers()).toEqual([]);
    const setRegistration = async (name: RegExp): Promise<void> => {
      await open("/admin/registration");
      await page.getByRole("radio", { name }).check();
      await page.getByRole("button", { name: "Change registration" }).click();
      await page.getByText("Changed who may open accounts").waitFor();
    };
    await setRegistration(/^Closed/);
    await open("/admin/invitations");
    await page.getByRole("button", { name: "New invitation" }).click();
    await page.getByLabel("Accounts").fill("2");
    await page.getByLabel(/Good even while registration is closed/).check();
    await page.getByRole("button", { name: "Create invitation" }).click();
    const link = await page.getByRole("textbox", { name: "Invitation link" }).inputValue();
    expect(await administrator.findBarriers()).toEqual([]);

    await using guest = await web.newVisitor();
    await guest.open("/signup");
    await guest.page.getByRole("heading", { name: "You need an invitation" }).waitFor();
    expect(await guest.findBarriers()).toEqual([]);
    await guest.page.getByLabel("Invitation").fill("guts-invitation-of-nothing");
    await guest.page.getByRole("button", { name: "Continue" }).click();
    await guest.page.getByText("This is not a whole invitation.").waitFor();
    await guest.page.getByLabel("Invitation").fill(link);
    await guest.page.getByRole("button", { name: "Continue" }).click();
    await guest.page.getByLabel("Handle").fill(uniqueName("guest"));
    await guest.page.getByRole("button", { name: "Continue" }).click();
    await confirmRecoveryCode(guest.page);

    await page.reload();
    expect(await page.getByRole("textbox", { name: "Invitation link" }).count()).toBe(0);
    await page.getByText("1 of 2 accounts left").waitFor();
    await page.getByRole("button", { name: /^Revoke the invitation/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke invitation" }).click();
    await page.getByRole("heading", { name: "Nobody is invited" }).waitFor();
    await setRegistration(/^Open/);
    expect([...administrator.complaints, ...guest.complaints]).toEqual([]);
  });
});

describe("recovering", () => {
  test("sets a new password by the recovery code", async () => {
    await using visitor = await web.newVisitor();
    const { page } = visitor;
    const person = await visitor.signUp();
    await page.context().clearCookies();
    await visitor.open("/recover");
    await page.getByLabel("Handle").fill(person.login);
    await page.getByLabel("Recovery code").fill(person.recoveryCode.toLowerCase().replaceAll("-", " "));
    await page.getByLabel("New password").fill("another good password");
    await page.getByRole("button", { name: "Recover and sign in" }).click();
    await page.getByRole("heading", { name: "Your repositories" }).waitFor();
    await page.context().clearCookies();
    await visitor.open("/signin");
    await page.getByLabel("Handle").fill(person.login);
    await page.getByLabel("Password").fill("another good password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Your repositories" }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  test("notices a mistyped code before asking the node", async () => {
    await using visitor = await web.newVisitor();
    const { page } = visitor;
    await visitor.open("/recover");
    await page.getByLabel("Handle").fill("somebody");
    await page.getByLabel("Recovery code").fill("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAB");
    await page.getByLabel("New password").fill("another good password");
    await page.getByRole("button", { name: "Recover and sign in" }).click();
    await page.getByText("not a whole recovery code").waitFor();
  });
});

describe("keys", () => {
  let visitor: Visitor;
  let owner: SignedUp;
  beforeAll(async () => {
    visitor = await web.newVisitor();
    owner = await visitor.signUp();
  });
  afterAll(async () => {
    expect(visitor.complaints).toEqual([]);
    await visitor[Symbol.asyncDispose]();
  });

  async function createRepository(isPrivate: boolean): Promise<string> {
    const body = { name: uniqueName("repo"), private: isPrivate };
    return (await owner.client.call("POST /api/v3/user/repos", { body })).name;
  }

  test("take an SSH key that git then clones with, and let no more in with it once it is deleted", async () => {
    const { page, open } = visitor;
    const name = await createRepository(true);
    const { folder } = web.forge.git;
    const key = await createKeyPair(folder);
    await open("/settings/ssh-keys");
    await page.getByRole("button", { name: "New SSH key" }).click();
    await page.getByLabel("Public key").fill(readFileSync(key.privateFile, "utf8"));
    await page.getByText("This is a private key").waitFor();
    expect(await page.getByRole("button", { name: "Add key" }).isDisabled()).toBe(true);
    await page.getByLabel("Public key").fill(key.publicLine);
    await page.getByLabel("Title").fill("harbour laptop");
    const shown = await page.getByRole("status").filter({ hasText: "SHA256:" }).textContent();
    expect(shown).toBe(`Ed25519 · ${await fingerprintOf(key)}`);
    expect(await visitor.findBarriers()).toEqual([]);
    await page.getByRole("button", { name: "Add key" }).click();
    await page.getByRole("list", { name: "SSH keys" }).getByText("harbour laptop").waitFor();
    const { environment } = sshUser(folder, key);
    const remote = `${web.forge.sshUrl}/${owner.login}/${name}.git`;
    const clone = () => web.forge.git.try(["clone", "-q", remote, web.forge.newFolder()], { env: environment });
    expect((await clone()).exitCode).toBe(0);
    await page.reload();
    await page.getByRole("list", { name: "SSH keys" }).getByText("Last used").waitFor();
    await page.getByRole("button", { name: "Delete harbour laptop" }).click();
    await page.getByRole("button", { name: "Delete key" }).click();
    await page.getByText("No SSH keys").waitFor();
    expect((await clone()).exitCode).not.toBe(0);
  });

  test("add a deploy key to a repository, read-only or not", async () => {
    const { page, open } = visitor;
    const name = await createRepository(false);
    const key = await createKeyPair(web.forge.git.folder);
    await open(`/${owner.login}/${name}/settings/keys`);
    await page.getByRole("button", { name: "New deploy key" }).click();
    await page.getByLabel("Public key").fill(key.publicLine);
    await page.getByLabel("Title").fill("release machine");
    await page.getByLabel(/Allow write access/).check();
    await page.getByRole("button", { name: "Add key" }).click();
    const list = page.getByRole("list", { name: "Deploy keys" });
    await list.getByText("read and write").waitFor();
    await list.getByText(`by ${owner.login}`).waitFor();
    expect(await visitor.findBarriers()).toEqual([]);
    await page.getByRole("button", { name: "Delete release machine" }).click();
    await page.getByRole("button", { name: "Delete key" }).click();
    await page.getByText("No deploy keys").waitFor();
  });

  test("take keys that sign, of SSH and of GPG", async () => {
    const { page, open } = visitor;
    const key = await createKeyPair(web.forge.git.folder);
    await open("/settings/ssh-keys");
    await page.getByRole("button", { name: "New signing key" }).click();
    await page.getByLabel("Public key").fill(key.publicLine);
    await page.getByRole("button", { name: "Add key" }).click();
    await page.getByRole("list", { name: "SSH keys that sign" }).getByText("test", { exact: true }).waitFor();
    await page.getByRole("button", { name: "New GPG key" }).click();
    await page.getByLabel("Armored public key").fill("no key");
    await page.getByRole("button", { name: "Add key" }).click();
    await page.getByText("is no armored public key").waitFor();
    const gpgKeyText = readFileSync(join(import.meta.dirname, "../../tools/fixtures/gpg/ed25519.asc"), "utf8");
    await page.getByLabel("Armored public key").fill(gpgKeyText);
    await page.getByRole("button", { name: "Add key" }).click();
    const list = page.getByRole("list", { name: "GPG keys" });
    await list.getByText("83C57133A5F9E06E").waitFor();
    expect(await visitor.findBarriers()).toEqual([]);
    const served = await fetch(`${web.forge.baseUrl}/${owner.login}.gpg`);
    expect(await served.text()).toContain("BEGIN PGP PUBLIC KEY BLOCK");
    for (const name of ["test", "ada@example.org"]) {
      await page.getByRole("button", { name: `Delete ${name}` }).click();
      await page.getByRole("button", { name: "Delete key" }).click();
    }
    await page.getByText("No signing keys.").waitFor();
    await page.getByText("No GPG keys.").waitFor();
  });
});
