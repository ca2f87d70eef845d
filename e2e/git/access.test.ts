import { randomBytes } from "node:crypto";

import { parsePrivateSeed, publicKeyOf, sshBlobOf } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  type Forge,
  type Person,
  repositoryAt,
  startForge,
  type TestRepository,
  uniqueName,
} from "../harness/forge.ts";
import { startGitHubCommand } from "../harness/gh.ts";
import { sendRaw } from "../harness/raw-http.ts";

let forge: Forge;
let ada: Person;
let eve: Person;

beforeAll(async () => {
  forge = await startForge();
  ada = await forge.signUp();
  eve = await forge.signUp(uniqueName("eve"));
});
afterAll(() => forge[Symbol.asyncDispose]());

const advertisement = (url: string, service = "git-upload-pack") => `${url}/info/refs?service=${service}`;
const basic = (login: string, token: string) => ({
  authorization: `Basic ${Buffer.from(`${login}:${token}`).toString("base64")}`,
});

/** What git prints when it is refused, or the empty string. */
async function refusalOf(args: readonly string[]): Promise<string> {
  const { exitCode, stderr } = await forge.git.try(args);
  return exitCode === 0 ? "" : stderr;
}

describe("a private repository", () => {
  let secret: TestRepository;
  beforeAll(async () => {
    secret = await forge.createFilledRepository(ada, { isPrivate: true });
  });

  test("can be cloned by its owner", async () => {
    await forge.git.run(["clone", "-q", secret.urlFor(ada), forge.newFolder()]);
  });

  test("looks to a stranger exactly like one that does not exist", async () => {
    const absent = repositoryAt(forge.baseUrl, ada, "no-such-repository");
    const answers = await Promise.all(
      [secret, absent].map(async ({ url, name }) => {
        const { status, body, headers } = await sendRaw(advertisement(url), { headers: basic(eve.login, eve.token) });
        return {
          status,
          body: body.toString().replace(name, "NAME"),
          type: headers["content-type"],
          challenge: headers["www-authenticate"],
        };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]!.status).toBe(404);
    expect(await refusalOf(["ls-remote", secret.urlFor(eve)])).toContain("not found");
  });

  test("asks somebody without credentials to sign in, as an absent one does", async () => {
    const absent = repositoryAt(forge.baseUrl, ada, "no-such-repository");
    for (const { url } of [secret, absent]) {
      const { status, headers } = await sendRaw(advertisement(url));
      expect({ status, challenge: headers["www-authenticate"] }).toEqual({
        status: 401,
        challenge: expect.stringMatching(/^Basic realm=/),
      });
    }
  });

  test("is invisible in the API and on the web to a stranger", async () => {
    const path = { owner: ada.login, repo: secret.name };
    const failure = { data: { status: 404 } };
    await expect(eve.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).rejects.toMatchObject(failure);
    await expect(forge.anonymous.call("GET /api/v3/repos/{owner}/{repo}", { path })).rejects.toMatchObject(failure);
  });

  test("opens to a collaborator once the invitation is accepted, and to read only", async () => {
    const path = { owner: ada.login, repo: secret.name };
    await ada.client.call("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
      path: { ...path, username: eve.login },
      body: { permission: "pull" },
    });
    expect(await refusalOf(["ls-remote", secret.urlFor(eve)])).not.toBe("");
    const [invitation] = await eve.client.call("GET /api/v3/user/repository_invitations", {});
    await eve.client.call("PATCH /api/v3/user/repository_invitations/{invitation_id}", {
      path: { invitation_id: String(invitation!.id) },
    });
    const clone = forge.newFolder();
    await forge.git.run(["clone", "-q", secret.urlFor(eve), clone]);
    await forge.git.commit(clone, "eve.txt", "eve\n");
    expect(await refusalOf(["-C", clone, "push"])).toMatch(/403|permission|denied/i);
  });
});

describe("a public repository", () => {
  test("can be read by anybody, and a push without credentials is asked for them", async () => {
    const { url, workTree } = await forge.createFilledRepository(ada);
    await forge.git.run(["clone", "-q", url, forge.newFolder()]);
    const { status, headers } = await sendRaw(advertisement(url, "git-receive-pack"));
    expect({ status, hasChallenge: headers["www-authenticate"]?.startsWith("Basic ") }).toEqual({
      status: 401,
      hasChallenge: true,
    });
    await forge.git.commit(workTree, "a", "a");
    expect(await refusalOf(["-C", workTree, "push", url, "main"])).not.toBe("");
  });

  test("is not writable for somebody else, who is told so", async () => {
    const { url, workTree, urlFor } = await forge.createFilledRepository(ada);
    const before = await forge.git.run(["ls-remote", url]);
    await forge.git.commit(workTree, "a", "a");
    expect(await refusalOf(["-C", workTree, "push", urlFor(eve), "main"])).toMatch(/403|permission|denied/i);
    expect(await forge.git.run(["ls-remote", url])).toBe(before);
  });
});

describe("a token", () => {
  test.each([["repo:read"], ["user"], ["delete_repo"]] as const)("with only %s cannot push", async (scope) => {
    const { workTree, urlFor, url } = await forge.createFilledRepository(ada);
    const before = await forge.git.run(["ls-remote", url]);
    const token = await ada.createToken([scope]);
    await forge.git.commit(workTree, "a", "a");
    expect(await refusalOf(["-C", workTree, "push", urlFor(token), "main"])).toMatch(/scope|403/i);
    expect(await forge.git.run(["ls-remote", url])).toBe(before);
  });

  test("with public_repo pushes to a public repository and cannot see a private one", async () => {
    const token = await ada.createToken(["public_repo"]);
    const open = await forge.createFilledRepository(ada);
    await forge.git.commit(open.workTree, "a", "a");
    await forge.git.run(["-C", open.workTree, "push", "-q", open.urlFor(token), "main"]);
    const secret = await forge.createFilledRepository(ada, { isPrivate: true });
    expect(await refusalOf(["ls-remote", secret.urlFor(token)])).not.toBe("");
  });

  test("with repo:read clones a private repository", async () => {
    const secret = await forge.createFilledRepository(ada, { isPrivate: true });
    const token = await ada.createToken(["repo:read"]);
    await forge.git.run(["clone", "-q", secret.urlFor(token), forge.newFolder()]);
  });

  test("that is wrong or revoked gets 401, also at a public repository", async () => {
    const { url } = await forge.createFilledRepository(ada);
    const wrong = await sendRaw(advertisement(url), { headers: basic(ada.login, `guts_${"0".repeat(40)}`) });
    expect(wrong.status).toBe(401);
    const { id, token } = await ada.client.call("POST /api/guts/tokens", {
      body: { label: "short", scopes: ["repo"] },
    });
    expect((await sendRaw(advertisement(url), { headers: basic("x", token) })).status).toBe(200);
    await ada.client.call("DELETE /api/guts/tokens/{id}", { path: { id } });
    expect((await sendRaw(advertisement(url), { headers: basic("x", token) })).status).toBe(401);
  });
});

describe("a push to a repository that does not exist", () => {
  test("creates nothing, and says how to create it when it would be one's own", async () => {
    const { git } = forge;
    const { workTree } = await forge.createFilledRepository(ada);
    const absent = repositoryAt(forge.baseUrl, ada, uniqueName("absent"));
    const refusal = await refusalOf(["-C", workTree, "push", absent.urlFor(ada), "main"]);
    expect(refusal).toContain("guts repo create");
    expect(await refusalOf(["ls-remote", absent.urlFor(ada)])).not.toBe("");
    expect(await git.run(["-C", workTree, "status", "--porcelain"])).toBe("");
  });

  test("of somebody else says only that it was not found", async () => {
    const { workTree } = await forge.createFilledRepository(ada);
    const absent = repositoryAt(forge.baseUrl, eve, uniqueName("absent"));
    const refusal = await refusalOf(["-C", workTree, "push", absent.urlFor(ada), "main"]);
    expect(refusal).toContain("not found");
    expect(refusal).not.toContain("guts repo create");
  });
});

describe("after a rename", () => {
  test("git, the API and the web follow the old name to the new one", async () => {
    const { git } = forge;
    const { workTree, url, name } = await forge.createFilledRepository(ada);
    const newName = uniqueName("renamed");
    await ada.client.call("PATCH /api/v3/repos/{owner}/{repo}", {
      path: { owner: ada.login, repo: name },
      body: { name: newName },
    });
    const clone = forge.newFolder();
    await git.run(["clone", "-q", url, clone]);
    const newest = await git.commit(workTree, "a", "a");
    await git.run(["-C", workTree, "push", "-q"]);
    expect(await git.run(["ls-remote", `${forge.baseUrl}/${ada.login}/${newName}.git`, "main"])).toContain(newest);
    const web = await sendRaw(`${forge.baseUrl}/${ada.login}/${name}`, { headers: { accept: "text/html" } });
    const api = await ada.client.call("GET /api/v3/repos/{owner}/{repo}", { path: { owner: ada.login, repo: name } });
    expect({ web: web.status, api: api.name }).toEqual({ web: expect.any(Number), api: newName });
  });
});

test("a path that is no repository's is not found, whatever it tries", async () => {
  for (const path of [
    "/a/../../etc/passwd.git",
    "/%2e%2e/%2e%2e/x.git",
    "/a/--upload-pack=x.git",
    "/a/b%00.git",
    "/a/b/c.git",
  ]) {
    const { status } = await sendRaw(`${forge.baseUrl}${path}/info/refs?service=git-upload-pack`, {
      headers: basic(ada.login, ada.token),
    });
    expect({ path, status }).toEqual({
      path,
      status: expect.toSatisfy((code: number) => code === 404 || code === 400),
    });
  }
});

test("gh, GitHub's own command, signs in with a token and manages keys", async () => {
  await using gh = await startGitHubCommand(forge.baseUrl, forge.newFolder());
  const repository = await forge.createRepository(ada);
  const must = async (args: readonly string[], input?: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await gh.run(args, input);
    expect(exitCode, `gh ${args.join(" ")}: ${stderr}`).toBe(0);
    return stdout;
  };
  const wrong = await gh.run(["auth", "login", "--hostname", gh.host, "--with-token"], "guts_wrong");
  expect(wrong.exitCode).toBe(1);
  await must(["auth", "login", "--hostname", gh.host, "--with-token"], ada.token);
  expect((await must(["api", "user", "--jq", ".login"])).trim()).toBe(ada.login);
  const newKey = () => {
    const blob = sshBlobOf(publicKeyOf(parsePrivateSeed(Uint8Array.from(randomBytes(32)))!));
    return `ssh-ed25519 ${Buffer.from(blob).toString("base64")}`;
  };
  await must(["ssh-key", "add", "-", "--title", "laptop"], newKey());
  expect(await must(["ssh-key", "list"])).toMatch(/^laptop\tssh-ed25519 /m);
  const at = ["-R", `${gh.host}/${ada.login}/${repository.name}`];
  await must(["repo", "deploy-key", "add", "-", "--title", "runner", ...at], newKey());
  expect(await must(["repo", "deploy-key", "list", ...at])).toContain("runner");
});
