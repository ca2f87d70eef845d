import { encodeDelimiter, encodeFlush, joinBytes } from "@guts/git";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import type { Person, TestRepository } from "../harness/forge.ts";
import { type RawAnswer, sendRaw } from "../harness/raw-http.ts";
import { buildPack, commitOf, objectId, treeOf } from "./pack-builder.ts";
import { isRefusedPush, pktLine, startTarget, type Target, zeroId } from "./target.ts";

let target: Target;
let stranger: Person;
let secret: TestRepository & { readonly workTree: string };
let secretHead: string;

beforeAll(async () => {
  target = await startTarget();
  const { forge, victim } = target;
  stranger = await forge.signUp();
  secret = await forge.createFilledRepository(victim, { isPrivate: true });
  secretHead = await forge.git.run(["-C", secret.workTree, "rev-parse", "HEAD"]);
});
afterAll(() => target?.[Symbol.asyncDispose]());

const basic = (token: string) => `Basic ${Buffer.from(`x:${token}`).toString("base64")}`;
const at = (path: string) => `${target.forge.baseUrl}${path}`;

function fetchBody(...wants: readonly string[]): Uint8Array {
  const lines = wants.map((id) => pktLine(`want ${id}\n`));
  return joinBytes([pktLine("command=fetch\n"), encodeDelimiter(), ...lines, pktLine("done\n"), encodeFlush()]);
}

const fetchFrom = ({ url }: TestRepository, body: Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
  sendRaw(`${url}/git-upload-pack`, {
    method: "POST",
    headers: { "content-type": "application/x-git-upload-pack-request", "git-protocol": "version=2", ...headers },
    chunks: [body],
  });

/** What a client can tell apart in an answer; names that it asked for itself are alike. */
function visible({ status, headers, body }: RawAnswer, ...names: readonly string[]): unknown {
  const { date, "x-request-id": id, etag, ...rest } = headers;
  const hide = (text: string) => names.reduce((hidden, name) => hidden.replaceAll(name, "NAME"), text);
  expect([date, id]).not.toContain(undefined);
  expect(etag).toBe(undefined);
  return {
    status,
    // Counters of requests go on from one request to the next, whatever was asked for.
    headers: hide(JSON.stringify(rest)).replaceAll(
      /"(content-length|x-ratelimit-(remaining|used|reset))":"\d+",?/g,
      "",
    ),
    body: hide(body.toString()),
  };
}

describe("a private repository cannot be told from one that is not there", () => {
  const absent = "nothing-is-here";
  const paths = (name: string) => [
    `/OWNER/${name}.git/info/refs?service=git-upload-pack`,
    `/OWNER/${name}.git/info/refs?service=git-receive-pack`,
    `/OWNER/${name}/info/refs?service=git-upload-pack`,
    `/OWNER/${name}/raw/main/README.md`,
    `/OWNER/${name}`,
    `/OWNER/${name}/tree/main`,
    `/api/v3/repos/OWNER/${name}`,
    `/api/v3/repos/OWNER/${name}/branches`,
    `/api/v3/repos/OWNER/${name}/contents/README.md`,
    `/api/v3/repos/OWNER/${name}/commits`,
    `/api/v3/repos/OWNER/${name}/commits/HEADID`,
    `/api/v3/repos/OWNER/${name}/git/trees/HEADID`,
    `/api/v3/repos/OWNER/${name}/git/commits/HEADID`,
    `/api/v3/repos/OWNER/${name}/collaborators`,
    `/api/v3/repos/OWNER/${name}/collaborators/somebody`,
    `/api/guts/view/repos/OWNER/${name}`,
    `/api/guts/view/repos/OWNER/${name}/tree/main`,
    `/api/guts/view/repos/OWNER/${name}/blob/main/README.md`,
  ];

  test.each(["nobody", "a stranger", "a stranger's git"] as const)("by %s", async (who) => {
    const authorization = {
      nobody: undefined,
      "a stranger": `Bearer ${stranger.token}`,
      "a stranger's git": basic(stranger.token),
    }[who];
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    await target.unharmed(async () => {
      const absentPaths = paths(absent);
      for (const [index, path] of paths(secret.name).entries()) {
        const ask = (asked: string, method = "GET") =>
          sendRaw(at(asked.replace("OWNER", target.victim.login).replace("HEADID", secretHead)), { method, headers });
        for (const method of ["GET", "HEAD"]) {
          const there = visible(await ask(path, method), secret.name, absent);
          const nowhere = visible(await ask(absentPaths[index]!, method), secret.name, absent);
          expect(there, `${method} ${path}`).toEqual(nowhere);
        }
      }
    });
  });

  test("by somebody who writes", async () => {
    const headers = { authorization: `Bearer ${stranger.token}`, "content-type": "application/json" };
    await target.unharmed(async () => {
      for (const [method, suffix] of [
        ["PATCH", ""],
        ["DELETE", ""],
        ["POST", "/transfer"],
        ["PUT", "/collaborators/somebody"],
      ] as const) {
        const chunk = Buffer.from(JSON.stringify({ name: "mine", new_owner: stranger.login }));
        const withLength = { ...headers, "content-length": String(chunk.length) };
        const ask = (name: string) =>
          sendRaw(at(`/api/v3/repos/${target.victim.login}/${name}${suffix}`), {
            method,
            headers: withLength,
            chunks: [chunk],
          });
        const there = visible(await ask(secret.name), secret.name, absent);
        expect(there, `${method} ${suffix}`).toEqual(visible(await ask(absent), secret.name, absent));
      }
    });
  });

  test("in lists, by its owner's profile or by guessing its number", async () => {
    const own = await target.victim.client.call("GET /api/v3/user/repos", {});
    const { id } = own.find(({ name }) => name === secret.name)!;
    const answers = await Promise.all(
      [
        `/api/v3/users/${target.victim.login}/repos`,
        "/api/v3/repositories",
        `/api/v3/repositories/${id}`,
        "/api/guts/view/home",
      ].map((path) => sendRaw(at(path), { headers: { authorization: `Bearer ${stranger.token}` } })),
    );
    for (const { body } of answers) expect(body.toString()).not.toContain(secret.name);
  });

  test("in the public record of blocks", async () => {
    const blocks = await target.forge.anonymous.call("GET /api/guts/blocks", { query: { limit: 100 } });
    for (const { height } of blocks) {
      const { body } = await sendRaw(at(`/api/guts/blocks/${height}`), {
        headers: { authorization: `Bearer ${stranger.token}` },
      });
      expect(body.toString()).not.toContain(secret.name);
      expect(body.toString()).not.toContain(secretHead);
    }
  });
});

describe("an object is not given to who may not see it:", () => {
  test("one that was never here", async () => {
    const { body } = await target.unharmed(() => fetchFrom(target.repository, fetchBody("ab".repeat(20))));
    expect(body.toString("latin1")).toContain("not our ref");
  });

  test("a commit of another person's private repository, wanted from a public one", async () => {
    const { body } = await target.unharmed(() => fetchFrom(target.repository, fetchBody(secretHead)));
    expect(body.toString("latin1")).toContain("not our ref");
  });

  test("a commit that was rewritten away", async () => {
    const { forge, victim } = target;
    const { workTree, url, name } = await forge.createFilledRepository(victim);
    const lost = await forge.git.commit(workTree, "secret.txt", "a password\n");
    await forge.git.run(["-C", workTree, "push", "-q"]);
    await forge.git.run(["-C", workTree, "reset", "-q", "--hard", "HEAD^"]);
    await forge.git.run(["-C", workTree, "push", "-q", "--force"]);
    const blob = await forge.git.run(["-C", workTree, "rev-parse", `${lost}:secret.txt`]);
    for (const id of [lost, blob]) {
      const { body } = await target.unharmed(() => fetchFrom({ url } as TestRepository, fetchBody(id)));
      expect(body.toString("latin1")).toContain("not our ref");
    }
    for (const path of [
      `commits/${lost}`,
      `git/commits/${lost}`,
      `git/blobs/${blob}`,
      `git/trees/${lost}`,
      `contents/secret.txt?ref=${lost}`,
    ]) {
      const { status, body } = await sendRaw(at(`/api/v3/repos/${victim.login}/${name}/${path}`));
      expect({ path, status, leaks: body.includes("a password") || body.includes("YSBwYXNzd29yZA") }).toEqual({
        path,
        status: expect.toBeOneOf([404, 422]),
        leaks: false,
      });
    }
    expect((await sendRaw(at(`/${victim.login}/${name}/raw/${lost}/secret.txt`))).status).toBe(404);
  });

  test("by naming it in a push: a ref, a parent, or a tree of another repository's objects", async () => {
    const tree = await target.forge.git.run(["-C", secret.workTree, "rev-parse", "HEAD^{tree}"]);
    const blob = await target.forge.git.run(["-C", secret.workTree, "rev-parse", "HEAD:README.md"]);
    const emptyTree = treeOf([]);
    const child = commitOf(objectId("tree", emptyTree), "x\n", secretHead);
    const thief = commitOf(tree);
    const stealing = treeOf([{ mode: "100644", name: "stolen", id: blob }]);
    const picker = commitOf(objectId("tree", stealing));
    const pushes = [
      { id: secretHead, pack: buildPack([]) },
      {
        id: objectId("commit", child),
        pack: buildPack([
          { type: "commit", content: child },
          { type: "tree", content: emptyTree },
        ]),
      },
      { id: objectId("commit", thief), pack: buildPack([{ type: "commit", content: thief }]) },
      {
        id: objectId("commit", picker),
        pack: buildPack([
          { type: "commit", content: picker },
          { type: "tree", content: stealing },
        ]),
      },
    ];
    for (const { id, pack } of pushes) {
      const answer = await target.unharmed(() => target.pushRaw("refs/heads/theft", id, pack));
      expect(answer).toSatisfy(isRefusedPush);
    }
  });
});

describe("a token opens nothing that it should not:", () => {
  const headers = (token: string) => ({ authorization: `Bearer ${token}`, "content-type": "application/json" });
  const pushWith = (token: string, repository: TestRepository = secret) =>
    sendRaw(`${repository.url}/info/refs?service=git-receive-pack`, { headers: { authorization: basic(token) } });

  test.each([
    ["is no token", "hello"],
    ["has the shape of one", `guts_${"a".repeat(40)}`],
    ["is empty", ""],
    ["is very long", `guts_${"a".repeat(10_000)}`],
    ["has line breaks", "guts_%0a"],
    ["is another's with one letter changed", "changed"],
  ])("one that %s", async (_what, text) => {
    const { token } = target.victim;
    const used = text === "changed" ? `${token.slice(0, 20)}${token[20] === "x" ? "y" : "x"}${token.slice(21)}` : text;
    await target.unharmed(async () => {
      expect((await pushWith(used)).status).toBe(401);
      const { status } = await sendRaw(at("/api/v3/user"), { headers: headers(used) });
      expect(status).toBe(401);
    });
  });

  test.each([
    ["repo:read", [200, 403]],
    ["public_repo", [404, 404]],
    ["user", [404, 404]],
  ] as const)("one for %s", async (scope, [read, push]) => {
    const token = await target.victim.createToken([scope]);
    await target.unharmed(async () => {
      const status = (
        await sendRaw(at(`/api/v3/repos/${target.victim.login}/${secret.name}`), { headers: headers(token) })
      ).status;
      expect(status).toBe(read);
      expect((await pushWith(token)).status).toBeOneOf([push, 403, 404]);
      const remove = await sendRaw(at(`/api/v3/repos/${target.victim.login}/${target.repository.name}`), {
        method: "DELETE",
        headers: headers(token),
      });
      expect(remove.status).toBe(403);
      const more = await sendRaw(at("/api/guts/tokens"), {
        method: "POST",
        headers: headers(token),
        chunks: [Buffer.from('{"label":"more","scopes":["repo"]}')],
      });
      expect(more.status).toBe(403);
    });
  });

  test("one that was revoked", async () => {
    const body = { label: "short-lived", scopes: ["repo" as const] };
    const { id, token } = await target.victim.client.call("POST /api/guts/tokens", { body });
    expect((await pushWith(token)).status).toBe(200);
    await target.victim.client.call("DELETE /api/guts/tokens/{id}", { path: { id } });
    await target.unharmed(async () => expect((await pushWith(token)).status).toBe(401));
  });

  test("somebody else's", async () => {
    await target.unharmed(async () => {
      expect((await pushWith(stranger.token)).status).toBe(404);
      expect((await pushWith(stranger.token, target.repository)).status).toBe(403);
      const own = await target.victim.client.call("GET /api/guts/tokens", {});
      for (const { id } of own) {
        const { status } = await sendRaw(at(`/api/guts/tokens/${id}`), {
          method: "DELETE",
          headers: headers(stranger.token),
        });
        expect(status).toBeOneOf([403, 404]);
      }
    });
  });

  test("in a URL or a cookie", async () => {
    const { token } = target.victim;
    await target.unharmed(async () => {
      for (const path of [`/api/v3/user?access_token=${token}`, `/api/v3/user?token=${token}`])
        expect((await sendRaw(at(path))).status).toBe(401);
      const { status } = await sendRaw(at("/api/v3/user"), { headers: { cookie: `token=${token}; session=${token}` } });
      expect(status).toBe(401);
    });
  });
});

describe("a visitor's session is of no use to another site:", () => {
  let cookie: string;
  beforeAll(async () => {
    const { baseUrl } = target.forge;
    const { nodeId } = await target.forge.anonymous.call("GET /api/guts/network", {});
    const session = await target.victim.client.call("GET /api/guts/session", {});
    expect(session.account?.handle).toBe(target.victim.login);
    cookie = `guts_session_${nodeId.slice(0, 8)}=${target.victim.token}`;
    expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });

  test.each([
    ["with a foreign Origin", { origin: "https://evil.example" }],
    ["with the Origin null", { origin: "null" }],
    ["with a port that is another's", { origin: "http://127.0.0.1:1" }],
    ["from another site, by Sec-Fetch-Site", { "sec-fetch-site": "cross-site" }],
    ["from another part of the site", { "sec-fetch-site": "same-site", origin: "https://evil.example" }],
    ["without saying where it comes from", {}],
  ])("a write %s", async (_what, headers) => {
    const answer = await target.unharmed(() =>
      sendRaw(at("/api/v3/user/repos"), {
        method: "POST",
        headers: { cookie, "content-type": "application/json", ...(headers as Record<string, string>) },
        chunks: [Buffer.from('{"name":"forged"}')],
      }),
    );
    expect(answer.status).toBeOneOf([401, 403]);
  });

  test("git does not know cookies", async () => {
    const { status } = await target.unharmed(() =>
      sendRaw(`${secret.url}/info/refs?service=git-upload-pack`, { headers: { cookie } }),
    );
    expect(status).toBe(401);
  });

  test("no answer invites other sites to read it", async () => {
    const { headers } = await sendRaw(at("/api/v3/user"), {
      headers: { origin: "https://evil.example", authorization: `Bearer ${target.victim.token}` },
    });
    expect(headers["access-control-allow-credentials"]).toBe(undefined);
  });
});

describe("a token that has expired", () => {
  let token: string;
  beforeAll(async () => {
    const body = { label: "brief", scopes: ["repo" as const, "user" as const], expiresInDays: 5 / secondsPerDay };
    ({ token } = await target.victim.client.call("POST /api/guts/tokens", { body }));
    const hasExpired = async () => (await ask("/api/v3/user", `Bearer ${token}`)).status === 401;
    await vi.waitUntil(hasExpired, { timeout: 30_000, interval: 100 });
  });
  const secondsPerDay = 24 * 3600;
  const ask = (path: string, authorization: string, method = "GET") =>
    sendRaw(at(path.replace("OWNER", target.victim.login).replace("REPO", secret.name)), {
      method,
      headers: { authorization },
    });

  test.each([
    ["GET", "/api/v3/user"],
    ["GET", "/api/v3/user/repos"],
    ["POST", "/api/v3/user/repos"],
    ["GET", "/api/v3/repos/OWNER/REPO"],
    ["PATCH", "/api/v3/repos/OWNER/REPO"],
    ["DELETE", "/api/v3/repos/OWNER/REPO"],
    ["GET", "/api/v3/repos/OWNER/REPO/contents/README.md"],
    ["GET", "/api/guts/tokens"],
    ["POST", "/api/guts/tokens"],
    ["GET", "/api/guts/view/repos/OWNER/REPO"],
    ["GET", "/OWNER/REPO.git/info/refs?service=git-upload-pack"],
    ["GET", "/OWNER/REPO.git/info/refs?service=git-receive-pack"],
    ["POST", "/OWNER/REPO.git/git-upload-pack"],
    ["POST", "/OWNER/REPO.git/git-receive-pack"],
    ["GET", "/OWNER/REPO/raw/main/README.md"],
  ])("is refused by %s %s, however it is sent", async (method, path) => {
    await target.unharmed(async () => {
      for (const authorization of [`Bearer ${token}`, `token ${token}`, basic(token)]) {
        const { status, headers } = await ask(path, authorization, method);
        expect({ status, authorization }).toEqual({ status: 401, authorization });
        if (path.includes(".git/")) expect(headers["www-authenticate"]).toMatch(/^Basic /);
      }
    });
  });

  test("is refused where everybody may read, so that a script learns of it", async () => {
    const { login } = target.victim;
    const { name } = target.repository;
    for (const path of [`/api/v3/repos/${login}/${name}`, `/${login}/${name}.git/info/refs?service=git-upload-pack`])
      expect((await target.unharmed(() => ask(path, `Bearer ${token}`))).status).toBe(401);
  });

  test("neither clones nor pushes with git", async () => {
    const { forge, victim } = target;
    const url = secret.urlFor(token);
    const clone = await forge.git.try(["clone", "-q", url, forge.newFolder()]);
    expect(clone.stderr).toContain("Authentication failed");
    await forge.git.commit(secret.workTree, "late.txt", "too late\n");
    const push = await target.unharmed(() => forge.git.try(["-C", secret.workTree, "push", "-q", url, "main"]));
    expect(push.stderr).toContain("Authentication failed");
    await forge.git.run(["-C", secret.workTree, "push", "-q", secret.urlFor(victim), "main"]);
    secretHead = await forge.git.run(["-C", secret.workTree, "rev-parse", "HEAD"]);
  });
});

describe("no redirect leads to another site:", () => {
  test.each([
    "//evil.example",
    "//evil.example/%2e%2e",
    "/\\evil.example",
    "/%5cevil.example/x",
    "//evil.example/x.git/info/refs?service=git-upload-pack",
    "/signin?return_to=//evil.example",
    "/signin?next=https://evil.example",
  ])("%s", async (path) => {
    const { status, headers } = await target.unharmed(() => sendRaw(at(path)));
    expect(
      status < 300 || status >= 400 || headers.location?.startsWith("/") === true,
      `${status} ${headers.location}`,
    ).toBe(true);
    expect(headers.location ?? "").not.toMatch(/^(\/\/|\/\\|https?:\/\/evil)/);
  });

  test("a forged Host does not get into the redirect of a renamed repository's browser address", async () => {
    const { victim, forge } = target;
    const { name } = await forge.createRepository(victim);
    await victim.client.call("PATCH /api/v3/repos/{owner}/{repo}", {
      path: { owner: victim.login, repo: name },
      body: { name: `${name}-new` },
    });
    const answer = await sendRaw(at(`/${victim.login}/${name}.git/info/refs?service=git-upload-pack`), {
      headers: { host: "evil.example" },
    });
    expect(answer.headers.location ?? "").not.toContain("evil.example");
  });
});

test("an empty push of nothing to nothing is answered and changes nothing", async () => {
  const answer = await target.unharmed(() => target.post("receive-pack", [encodeFlush()]));
  expect(answer.status).toBe(200);
  expect(await target.unharmed(() => target.pushRaw("refs/heads/x", zeroId, new Uint8Array()))).toSatisfy(
    isRefusedPush,
  );
});
