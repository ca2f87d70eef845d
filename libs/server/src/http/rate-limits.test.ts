import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { drawKey, drawSeed } from "../testing/drawn.fixture.ts";
import { connectBy, runOver } from "../testing/ssh-client.fixture.ts";
import { TestNode, type TestAccount } from "../testing/test-node.fixture.ts";

const startMs = Date.UTC(2031, 0, 1);
let nowMs = startMs;
let node: TestNode;
let ada: TestAccount;

beforeAll(async () => {
  const requestLimits = {
    accountRequestsPerHour: 4,
    addressRequestsPerHour: 2,
    gitRequestsPerMinute: 2,
    writesPerMinute: 3,
  };
  node = await TestNode.start({ clock: { nowMs: () => nowMs }, requestLimits });
  ada = await node.signUp("ada");
});
afterAll(() => node[Symbol.asyncDispose]());

const ask = (path: string, token?: string, init: RequestInit = {}): Promise<Response> =>
  fetch(node.url + path, { ...init, headers: token === undefined ? {} : { authorization: `token ${token}` } });

/** A fresh hour for everybody. */
function nextHour(): void {
  nowMs += 3_600_000;
}

describe("GitHub's rate limit", () => {
  test("is told with each answer, and by rate_limit, which costs nothing", async () => {
    nextHour();
    const answer = await ask("/api/v3/user", ada.token);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "x-ratelimit-limit": "4",
      "x-ratelimit-remaining": "3",
      "x-ratelimit-used": "1",
      "x-ratelimit-reset": String(nowMs / 1000 + 3600),
      "x-ratelimit-resource": "core",
    });
    for (let count = 0; count < 10; count++) await ask("/api/v3/rate_limit", ada.token);
    const { rate, resources } = (await (await ask("/api/v3/rate_limit", ada.token)).json()) as {
      rate: object;
      resources: { core: object; git: object };
    };
    expect(rate).toEqual({ limit: 4, used: 1, remaining: 3, reset: nowMs / 1000 + 3600 });
    expect(resources.core).toEqual(rate);
    expect(resources.git).toMatchObject({ limit: 2, used: 0 });
  });

  test("ends in 403 with Retry-After and GitHub's words", async () => {
    nextHour();
    for (let count = 0; count < 4; count++) await ask("/api/v3/user", ada.token);
    nowMs += 1_000_000;
    const answer = await ask("/api/v3/user", ada.token);
    expect(answer.status).toBe(403);
    expect(answer.headers.get("retry-after")).toBe("2600");
    expect(answer.headers.get("x-ratelimit-remaining")).toBe("0");
    const body = (await answer.json()) as { readonly message: string };
    expect(body).toMatchObject({ code: "rate-limited", documentation_url: "/api/docs" });
    expect(body.message).toMatch(/^API rate limit exceeded for user ID \d+/);
  });

  test("counts a visitor by the address, wrong tokens among them", async () => {
    nextHour();
    expect((await ask("/api/v3/meta", "guts_wrong")).status).toBe(401);
    expect((await ask("/api/v3/meta")).status).toBe(200);
    expect((await ask("/api/v3/meta")).status).toBe(403);
    expect((await ask("/api/v3/meta", "guts_wrong")).status).toBe(403);
    expect((await ask("/api/v3/user", ada.token)).status).toBe(200);
    expect((await ask("/api/guts/status")).status).toBe(200);
  });
});

test("writes have a limit of their own, which GitHub's clients call secondary", async () => {
  nextHour();
  const write = (): Promise<Response> => ask("/api/guts/signout", undefined, { method: "POST" });
  for (let count = 0; count < 3; count++) expect((await write()).status).toBe(204);
  const answer = await write();
  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("60");
  expect(((await answer.json()) as { readonly message: string }).message).toMatch(/secondary rate limit/);
});

test("git is told in words until when", async () => {
  nextHour();
  const path = "/somebody/absent.git/info/refs?service=git-upload-pack";
  for (let count = 0; count < 2; count++) expect((await ask(path)).status).toBe(401);
  const answer = await ask(path);
  expect(answer.status).toBe(429);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "retry-after": "60",
    "x-ratelimit-limit": "2",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-used": "2",
    "x-ratelimit-reset": String(nowMs / 1000 + 60),
    "x-ratelimit-resource": "git",
  });
  expect(await answer.text()).toMatch(/2 times in a minute.*\nTry again at \d\d:\d\d:40 UTC\.\n$/);
  expect((await ask(path, ada.token)).status).toBe(404);
});

test("git over SSH is told the same, and counts with git over HTTP", async () => {
  nextHour();
  const seed = drawSeed();
  await ada.client.call("POST /api/v3/user/keys", { body: { key: drawKey(seed) } });
  const at = { host: "127.0.0.1", port: 0, address: { host: "127.0.0.1", port: 2222 } };
  await using door = await node.server.openSshDoor(at, drawSeed());
  const client = await connectBy(door.port, seed);
  const fetchAbsent = () => runOver(client!, "git-upload-pack 'somebody/absent.git'");
  expect((await ask("/somebody/absent.git/info/refs?service=git-upload-pack", ada.token)).status).toBe(404);
  expect((await fetchAbsent()).words).toContain("There is no repository");
  const { status, words } = await fetchAbsent();
  expect(status).toBe(128);
  expect(words).toMatch(/2 times in a minute.*\nTry again at \d\d:\d\d:\d\d UTC\.\n$/);
  client!.end();
});
