import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { routes } from "@guts/api";
import { toHex } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { serverLimits } from "./limits.ts";
import { TestNode, type TestAccount } from "./testing/test-node.fixture.ts";
import { tinyPicture } from "./testing/tiny-picture.fixture.ts";

let node: TestNode;
let owner: TestAccount;

beforeAll(async () => {
  const webRoot = mkdtempSync(join(tmpdir(), "guts-web-test-"));
  mkdirSync(join(webRoot, "assets"));
  writeFileSync(join(webRoot, "index.html"), "<!doctype html><title>Guts</title>");
  writeFileSync(join(webRoot, "favicon.svg"), "<svg/>");
  writeFileSync(join(webRoot, "assets", "main-abc123.js"), "export {};");
  node = await TestNode.start({ webRoot });
  owner = await node.signUp("owner");
});
afterAll(() => node[Symbol.asyncDispose]());

const get = (path: string, init: RequestInit = {}) => fetch(`${node.url}${path}`, { redirect: "manual", ...init });

describe("operators' questions", () => {
  test("alive, ready and metrics", async () => {
    await expect((await get("/healthz")).json()).resolves.toEqual({ status: "ok" });
    const ready = await get("/readyz");
    expect(ready.status).toBe(200);
    await expect(ready.json()).resolves.toEqual({ status: "ready", parts: [{ name: "ledger", state: "ready" }] });
    const metrics = await (await get("/metrics")).text();
    expect(metrics).toContain(`guts_height ${node.ledger.height()}`);
  });

  test("the OpenAPI document has every route, and the page about it loads nothing from elsewhere", async () => {
    const document = (await (await get("/api/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, object>;
    };
    expect(document.openapi).toBe("3.1.0");
    const operations = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    expect(operations).toHaveLength(Object.keys(routes).length);
    const page = await get("/api/docs");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).not.toMatch(/<script|style=|(src|href)="(https?:)?\/\//);
    expect((await get("/api/docs.css")).headers.get("content-type")).toContain("text/css");
  });
});

describe("the web client", () => {
  test("is served for every page, never kept, under a strict policy", async () => {
    for (const path of ["/", "/signup", `/${owner.handle}/x/tree/main/a.b`, "/settings/tokens"]) {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain("<title>Guts</title>");
      expect(response.headers.get("cache-control")).toBe("no-cache");
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'; script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
    }
  });

  test("assets are kept for ever, missing ones are 404", async () => {
    const asset = await get("/assets/main-abc123.js");
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect((await get("/assets/missing.js")).status).toBe(404);
    expect((await get("/assets/..%2findex.html")).status).toBe(404);
    expect((await get("/favicon.svg")).status).toBe(200);
  });

  test("every account has a picture", async () => {
    const picture = await get(`/api/guts/avatars/${owner.id}.svg`);
    expect(picture.headers.get("content-type")).toBe("image/svg+xml");
    expect(await picture.text()).toMatch(/^<svg [^>]*>.*<\/svg>$/);
    expect((await get("/api/guts/avatars/x.svg")).status).toBe(404);
    const byName = await get(`/${owner.handle}.png`);
    expect(byName.headers.get("location")).toBe(`/api/guts/avatars/${owner.id}.svg`);
    expect((await get("/no-such-body.png")).status).toBe(404);
  });

  test("a picture that somebody chose is served as what it is, under an address of its own", async () => {
    const path = { handle: owner.handle };
    const set = (image: string) =>
      owner.client.call("PUT /api/guts/accounts/{handle}/avatar", { path, body: { image } });
    const { avatarPath } = await set(tinyPicture);
    const picture = await get(avatarPath);
    expect(Buffer.from(await picture.arrayBuffer()).toString("base64")).toBe(tinyPicture);
    expect(Object.fromEntries(picture.headers)).toMatchObject({
      "content-type": "image/png",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("sandbox") as string,
    });
    const { avatar_url } = await owner.client.call("GET /api/v3/user", {});
    expect(avatar_url).toBe(`${node.url}${avatarPath}`);
    const { avatarPath: next } = await set(tinyPicture);
    expect(next).not.toBe(avatarPath);
    expect((await get(avatarPath)).headers.get("location")).toBe(next);
    await owner.client.call("DELETE /api/guts/accounts/{handle}/avatar", { path });
    expect((await get(next)).headers.get("location")).toMatch(/\.svg$/);
  });

  test.each([
    ["base64", "not base64!"],
    ["a picture", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>").toString("base64")],
    ["small enough", Buffer.concat([Buffer.from(tinyPicture, "base64"), Buffer.alloc(131_072)]).toString("base64")],
  ])("a picture that is not %s is refused", async (_, image) => {
    const path = { handle: owner.handle };
    const change = owner.client.call("PUT /api/guts/accounts/{handle}/avatar", { path, body: { image } });
    await expect(change).rejects.toMatchObject({ status: 422 });
  });

  test("what is no page is 404 in JSON", async () => {
    const response = await get("/api/nothing");
    expect(response.status).toBe(404);
    await expect(response.json()).resolves.toMatchObject({ message: "Not Found" });
    expect((await get("/somewhere", { method: "POST" })).status).toBe(404);
  });

  test("pages of a renamed repository redirect, unless it is private", async () => {
    for (const [name, isPrivate] of [
      ["old-open", false],
      ["old-closed", true],
    ] as const) {
      await owner.client.call("POST /api/v3/user/repos", { body: { name, private: isPrivate } });
      const path = { owner: owner.handle, repo: name };
      await owner.client.call("PATCH /api/v3/repos/{owner}/{repo}", { path, body: { name: `new-${name}` } });
    }
    const open = await get(`/${owner.handle}/old-open/tree/main?x=1`);
    expect(open.status).toBe(301);
    expect(open.headers.get("location")).toBe(`/${owner.handle}/new-old-open/tree/main?x=1`);
    expect((await get(`/${owner.handle}/old-closed`)).status).toBe(200);
  });
});

describe("hostile requests", () => {
  const exchange = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(node.url);
      const socket = connect(Number(port), hostname, () => socket.write(text));
      let answer = "";
      socket.on("data", (chunk) => {
        answer += chunk.toString("latin1");
        socket.end();
      });
      socket.on("close", () => resolve(answer));
      socket.on("error", reject);
    });

  test("a body above the limit is refused", async () => {
    const body = `{"name":"${"x".repeat(serverLimits.jsonBodyBytesMax)}"}`;
    const response = await get("/api/v3/user/repos", {
      method: "POST",
      body,
      headers: { authorization: `token ${owner.token}` },
    });
    expect(response.status).toBe(413);
  });

  test("headers above the limit, and a request that is no HTTP, are refused", async () => {
    const large = `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${"a".repeat(serverLimits.headerBytesMax)}\r\n\r\n`;
    expect(await exchange(large)).toContain("431");
    expect(await exchange("\u0016\u0003\u0001 nonsense\r\n\r\n")).toContain("400");
  });

  test("a compressed JSON body is refused rather than inflated", async () => {
    const headers = {
      authorization: `token ${owner.token}`,
      "content-encoding": "gzip",
      "content-type": "application/json",
    };
    const response = await get("/api/v3/user/repos", { method: "POST", body: "x", headers });
    expect(response.status).toBe(415);
  });

  test("a failure of this node reveals nothing but the request's id", async () => {
    const { ledger } = node;
    const original = ledger.blocksBefore.bind(ledger);
    ledger.blocksBefore = () => {
      throw new TypeError("secret detail at /srv/guts");
    };
    const response = await get("/api/guts/blocks");
    ledger.blocksBefore = original;
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain("secret");
    expect(JSON.parse(text)).toMatchObject({ code: "internal", request_id: response.headers.get("x-request-id") });
  });

  test("a height that this node has not reached is waited for, and then the client is told to come back", async () => {
    const controller = new AbortController();
    const waiting = get("/api/guts/network", { headers: { "x-guts-min-height": "999999" }, signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toThrow();
    const present = await get("/api/guts/network", { headers: { "x-guts-min-height": "1" } });
    expect(present.headers.get("x-guts-network")).toBe(toHex(node.ledger.networkId));
    expect(present.status).toBe(200);
    expect((await get("/api/guts/network", { headers: { "x-guts-min-height": "-1" } })).status).toBe(400);
  });
});
