import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";

import { decodePktLines, encodeDelimiter, encodeFlush, encodePktLine, joinBytes } from "@guts/git";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { type Forge, type Person, startForge, type TestRepository } from "../harness/forge.ts";
import { sendRaw } from "../harness/raw-http.ts";

let forge: Forge;
let ada: Person;
let repository: TestRepository & { readonly workTree: string };

beforeAll(async () => {
  forge = await startForge();
  ada = await forge.signUp();
  repository = await forge.createFilledRepository(ada);
});
afterAll(() => forge[Symbol.asyncDispose]());

const line = (text: string) => encodePktLine(new TextEncoder().encode(text));
const lsRefs = () =>
  joinBytes([
    line("command=ls-refs\n"),
    line("object-format=sha1\n"),
    encodeDelimiter(),
    line("peel\n"),
    encodeFlush(),
  ]);
const uploadPack = () => `${repository.url}/git-upload-pack`;
const fetchHeaders = {
  "content-type": "application/x-git-upload-pack-request",
  accept: "application/x-git-upload-pack-result",
  "git-protocol": "version=2",
};
const authorization = () => `Basic ${Buffer.from(`x:${ada.token}`).toString("base64")}`;

function textsOf(body: Uint8Array): readonly string[] {
  return [...decodePktLines(body)].flatMap((packet) =>
    packet.type === "data" ? new TextDecoder().decode(packet.payload) : [],
  );
}

describe("ls-refs is answered", () => {
  test("whatever way the body comes: with a length, in chunks, compressed, compressed in chunks", async () => {
    const plain = lsRefs();
    const small = { ...fetchHeaders, "content-length": String(plain.length) };
    const packed = gzipSync(plain);
    const halves = (bytes: Uint8Array) => [bytes.subarray(0, 5), bytes.subarray(5)];
    const answers = await Promise.all([
      sendRaw(uploadPack(), { method: "POST", headers: small, chunks: [plain] }),
      sendRaw(uploadPack(), { method: "POST", headers: fetchHeaders, chunks: halves(plain) }),
      sendRaw(uploadPack(), {
        method: "POST",
        headers: { ...fetchHeaders, "content-encoding": "gzip", "content-length": String(packed.length) },
        chunks: [packed],
      }),
      sendRaw(uploadPack(), {
        method: "POST",
        headers: { ...fetchHeaders, "content-encoding": "x-gzip" },
        chunks: halves(packed),
      }),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(answer.headers["content-type"]).toBe("application/x-git-upload-pack-result");
      expect(answer.headers["cache-control"]).toMatch(/no-cache|no-store/);
      expect(textsOf(answer.body)[0]).toMatch(/^[0-9a-f]{40} HEAD|refs\/heads\/main/);
    }
  });

  test("compressed, for clients that take it so as git does, once somebody has asked for many refs", async () => {
    const crowded = await forge.createFilledRepository(ada);
    const git = (args: readonly string[]) => forge.git.run(["-C", crowded.workTree, ...args]);
    const refs = Array.from({ length: 200 }, (_, index) => `refs/heads/topic/${index}`);
    await git(["push", "-q", "origin", ...refs.map((ref) => `HEAD:${ref}`)]);
    const url = `${crowded.url}/git-upload-pack`;
    const ask = (headers: Readonly<Record<string, string>>) =>
      sendRaw(url, { method: "POST", headers: { ...fetchHeaders, ...headers }, chunks: [lsRefs()] });
    const plain = await ask({});
    const compressed = await vi.waitUntil(async () => {
      const answer = await ask({ "accept-encoding": "deflate, gzip" });
      return answer.headers["content-encoding"] === "gzip" ? answer : undefined;
    });
    expect(Buffer.compare(gunzipSync(compressed.body), plain.body)).toBe(0);
    expect((await ask({ "accept-encoding": "br" })).headers["content-encoding"]).toBeUndefined();
    const readCompressed = await vi.waitUntil(async () => {
      const args = ["-C", crowded.workTree, "ls-remote", "--heads", "origin", "refs/heads/topic/*"];
      const { stdout, stderr } = await forge.git.try(args, { env: { GIT_TRACE_CURL: "1" } });
      return /content-encoding: gzip/i.test(stderr) ? stdout : undefined;
    });
    expect(readCompressed.trim().split("\n")).toHaveLength(200);
  });

  test("after 100 Continue, when the client waits for it", async () => {
    const { status, wasContinued } = await sendRaw(uploadPack(), {
      method: "POST",
      headers: { ...fetchHeaders, expect: "100-continue" },
      chunks: [lsRefs()],
    });
    expect({ status, wasContinued }).toEqual({ status: 200, wasContinued: true });
  });
});

test("a push without credentials is refused before its body is asked for", async () => {
  const { status, wasContinued } = await sendRaw(`${repository.url}/git-receive-pack`, {
    method: "POST",
    headers: { "content-type": "application/x-git-receive-pack-request", expect: "100-continue" },
    chunks: [new Uint8Array(1024)],
  });
  expect({ status, wasContinued }).toEqual({ status: 401, wasContinued: false });
});

describe("a malformed request is refused, and the node goes on", () => {
  const post = (service: string, chunks: readonly Uint8Array[], headers: Readonly<Record<string, string>> = {}) =>
    sendRaw(`${repository.url}/git-${service}`, {
      method: "POST",
      headers: { "content-type": `application/x-git-${service}-request`, authorization: authorization(), ...headers },
      chunks,
    });
  const bytes = (text: string) => new TextEncoder().encode(text);

  afterAll(async () => {
    expect((await sendRaw(`${forge.baseUrl}/healthz`)).status).toBe(200);
    await forge.git.run(["ls-remote", repository.url]);
  });

  test.each([
    ["no pkt-line at all", bytes("hello")],
    ["a length that is no number", bytes("zzzzfoo")],
    ["a length below four", bytes("0003")],
    ["a line longer than it says", bytes("000ahi")],
    ["a length above the largest", bytes("ffffaaaa")],
    ["an unknown command", bytes("0015command=destroy\n0000")],
  ])("upload-pack: %s", async (_what, body) => {
    const { status, body: answer } = await post("upload-pack", [body], { "git-protocol": "version=2" });
    const isRefused = status === 400 || (status === 200 && answer.includes("ERR "));
    expect({ isRefused, status }).toEqual({ isRefused: true, status });
  });

  test.each([
    ["no pkt-line at all", bytes("hello")],
    ["a command without a name", bytes(`0032${"0".repeat(40)} 1234`)],
    [
      "a ref name that climbs out",
      (() => joinBytes([line(`${"0".repeat(40)} ${"1".repeat(40)} ../../../x\0 report-status`), encodeFlush()]))(),
    ],
    [
      "a ref name that is an option",
      (() => joinBytes([line(`${"0".repeat(40)} ${"1".repeat(40)} --upload-pack=x\0 report-status`), encodeFlush()]))(),
    ],
    ["commands that end in the middle", bytes("00a0")],
  ])("receive-pack: %s", async (_what, body) => {
    const before = await forge.git.run(["ls-remote", repository.url]);
    const { status, body: answer } = await post("receive-pack", [body]);
    const isRefused = status === 400 || (status === 200 && /ERR |ng |unpack (?!ok)/.test(answer.toString("latin1")));
    expect({ isRefused, status, answer: answer.toString("latin1") }).toMatchObject({ isRefused: true });
    expect(await forge.git.run(["ls-remote", repository.url])).toBe(before);
  });

  test("a pack that is cut short or damaged changes nothing", async () => {
    const { git } = forge;
    const before = await git.run(["ls-remote", repository.url]);
    const id = await git.run(["-C", repository.workTree, "commit-tree", "-m", "x", "HEAD^{tree}"]);
    const pack = Buffer.from(
      await git.run(["-C", repository.workTree, "-c", "core.quotePath=false", "rev-parse", "HEAD"]),
    );
    const command = joinBytes([line(`${"0".repeat(40)} ${id} refs/heads/bad\0 report-status`), encodeFlush()]);
    for (const damaged of [bytes("PACK"), bytes("PACK\0\0\0\x02\0\0\0\x01"), pack, new Uint8Array()]) {
      const { status, body } = await post("receive-pack", [command, damaged]);
      expect(status === 400 || /unpack (?!ok)/.test(body.toString("latin1"))).toBe(true);
    }
    expect(await git.run(["ls-remote", repository.url])).toBe(before);
  });

  test("a compressed body that is no gzip, and one that inflates without end", async () => {
    const headers = { "git-protocol": "version=2", "content-encoding": "gzip" };
    expect((await post("upload-pack", [bytes("hello")], headers)).status).toBe(400);
    const bomb = gzipSync(new Uint8Array(64 * 1024 * 1024));
    expect((await post("upload-pack", [bomb], headers)).status).toBeOneOf([400, 413]);
  });

  test("a service that does not exist, a content type that is wrong", async () => {
    expect((await sendRaw(`${repository.url}/info/refs?service=git-upload-archive`)).status).toBeOneOf([400, 403, 404]);
    const wrongType = { "content-type": "text/plain", authorization: authorization() };
    expect((await sendRaw(uploadPack(), { method: "POST", headers: wrongType, chunks: [lsRefs()] })).status).toBeOneOf([
      400, 415,
    ]);
  });
});

test("a fetch whose client goes away ends on the server, too", async () => {
  const { git } = forge;
  const big = await forge.createFilledRepository(ada);
  const lines = Array.from({ length: 200_000 }, () => Math.random().toString(36)).join("\n");
  await git.commit(big.workTree, "big.txt", lines);
  await git.run(["-C", big.workTree, "push", "-q"]);
  const head = await git.run(["-C", big.workTree, "rev-parse", "HEAD"]);
  const body = joinBytes([
    line("command=fetch\n"),
    encodeDelimiter(),
    line(`want ${head}\n`),
    line("done\n"),
    encodeFlush(),
  ]);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request(`${big.url}/git-upload-pack`, { method: "POST", headers: fetchHeaders, agent: false });
    outgoing.once("response", resolve).once("error", reject).end(body);
  });
  await once(answer, "data");
  answer.destroy();
  const metrics = async () => (await sendRaw(`${forge.baseUrl}/metrics`)).body.toString();
  await expect.poll(metrics, { timeout: 10_000 }).toMatch(/^guts_git_active\{service="upload-pack"\} 0$/m);
  expect(await metrics()).toMatch(/^guts_git_operations_total\{service="upload-pack",outcome="cancelled"\} 1$/m);
});
