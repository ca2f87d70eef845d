import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";

import { encodeDelimiter, encodeFlush, joinBytes } from "@guts/git";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { uniqueName } from "../harness/forge.ts";
import { sendRaw } from "../harness/raw-http.ts";
import { exchange, isRefusedPush, pktLine, startTarget, type Target, utf8, zeroId } from "./target.ts";

const mebibyte = 1024 * 1024;
const someId = "1".repeat(40);
let target: Target;
let dripped: Promise<readonly string[]>;

beforeAll(async () => {
  target = await startTarget();
  // A node gives them half a minute, while which the other tests run.
  dripped = Promise.all(slowRequests.map(drip));
});
afterAll(() => target?.[Symbol.asyncDispose]());

const v2 = { "git-protocol": "version=2" };
const statusesOf = (answer: string): readonly number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

const slowRequests = [
  "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ",
  "POST /api/guts/signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n",
  "POST /api/guts/signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
];

function open(): Promise<Socket> {
  const { hostname, port } = new URL(target.forge.baseUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.once("error", reject);
  });
}

/** What was answered until the connection ended. */
function closed(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    socket.setEncoding("latin1").on("data", (part: string) => (answer += part));
    socket.on("error", () => {});
    socket.once("close", () => resolve(answer));
  });
}

/** Sends the beginning of a request, and then a byte now and then. */
async function drip(beginning: string): Promise<string> {
  const socket = await open();
  const end = closed(socket);
  socket.write(beginning);
  const timer = setInterval(() => socket.write(beginning.includes("chunked") ? "1\r\n \r\n" : " "), 500);
  const answer = await end;
  clearInterval(timer);
  return answer;
}

describe("a fetch is refused", () => {
  test.each([
    ["that is no pkt-line", utf8("hello world")],
    ["with a length of three", utf8("0003")],
    ["with a length that is no number", utf8("00g0")],
    ["with a length above 65520", utf8("fff1aaaa")],
    ["that ends in a line", utf8("00ffcommand=fetch")],
    ["whose line has no end and no start", utf8("0000\u0000")],
    ["with an unknown command", joinBytes([pktLine("command=rm -rf\n"), encodeFlush()])],
    [
      "with the wrong hash function",
      joinBytes([pktLine("command=fetch\n"), pktLine("object-format=md5\n"), encodeFlush()]),
    ],
    [
      "with a want that is no id",
      joinBytes([
        pktLine("command=fetch\n"),
        encodeDelimiter(),
        pktLine("want --upload-pack=x\n"),
        pktLine("done\n"),
        encodeFlush(),
      ]),
    ],
    [
      "with a filter that names a file",
      joinBytes([
        pktLine("command=fetch\n"),
        encodeDelimiter(),
        pktLine(`want ${someId}\n`),
        pktLine("filter sparse:path=/etc/passwd\n"),
        pktLine("done\n"),
        encodeFlush(),
      ]),
    ],
    [
      "of more than 16 MiB",
      joinBytes([
        pktLine("command=fetch\n"),
        encodeDelimiter(),
        ...Array.from({ length: 340_000 }, () => pktLine(`have ${someId}\n`)),
        encodeFlush(),
      ]),
    ],
    [
      "with 131,073 wants",
      joinBytes([
        pktLine("command=fetch\n"),
        encodeDelimiter(),
        ...Array.from({ length: 131_073 }, () => pktLine(`want ${someId}\n`)),
        encodeFlush(),
      ]),
    ],
  ])("%s", async (_what, body) => {
    const { status, body: answer } = await target.unharmed(() => target.post("upload-pack", [body], v2));
    expect(
      status === 400 || status === 413 || (status === 200 && answer.includes("ERR ")),
      `${status} ${String(answer)}`,
    ).toBe(true);
  });

  test.each([
    ["is no gzip", utf8("no gzip at all"), 400],
    ["ends in the middle", gzipSync(new Uint8Array(100_000)).subarray(0, 40), 400],
    ["inflates to 256 MiB", gzipSync(new Uint8Array(256 * mebibyte)), 413],
    ["is gzip in gzip", gzipSync(gzipSync(utf8("0000"))), 400],
  ])("whose compressed body %s", async (_what, body, expected) => {
    const headers = { ...v2, "content-encoding": "gzip" };
    const { status, body: answer } = await target.unharmed(() => target.post("upload-pack", [body], headers));
    expect(status === expected || (status === 200 && answer.includes("ERR ")), `${status} ${String(answer)}`).toBe(
      true,
    );
  });

  test("in an encoding that nobody speaks", async () => {
    const { status } = await target.unharmed(() =>
      target.post("upload-pack", [utf8("0000")], { ...v2, "content-encoding": "br, gzip" }),
    );
    expect(status).toBe(415);
  });
});

describe("a push is refused", () => {
  const refNames = [
    "refs/heads/../../x",
    "refs/heads/../../../../etc/cron.d/x",
    "../../../x",
    "/etc/passwd",
    "refs/heads//x",
    "refs/heads/.x",
    "refs/heads/x.lock",
    "refs/heads/x.lock/y",
    "refs/heads/x..y",
    "refs/heads/x@{1}",
    "refs/heads/x y",
    "refs/heads/x~1",
    "refs/heads/x^",
    "refs/heads/x:y",
    "refs/heads/x?",
    "refs/heads/x*",
    "refs/heads/x[",
    "refs/heads/x\\y",
    "refs/heads/x/",
    "refs/heads/x.",
    "refs/heads/\u0001",
    "refs/heads/x\ny",
    "refs/heads/\u007f",
    "refs/heads",
    "refs/",
    "HEAD",
    "@",
    "main",
    "--upload-pack=touch /tmp/x",
    "--exec=x",
    "-x",
    "config",
    "objects/pack/x",
    "refs/guts/x",
    "refs/pull/1/head",
    "refs/internal/x",
    `refs/heads/${"x".repeat(300)}`,
    `refs/heads/${"x/".repeat(2_000)}x`,
    "",
  ];
  test.each(refNames)("whose ref is called %j", async (name) => {
    const { url } = target.repository;
    const id = (await target.forge.git.run(["ls-remote", url, "refs/heads/main"])).slice(0, 40);
    const answer = await target.unharmed(() => target.pushRaw(name, id, new Uint8Array()));
    expect(answer).toSatisfy(isRefusedPush);
  });

  test("whose ref's name is not UTF-8", async () => {
    const command = joinBytes([
      utf8(`${zeroId} ${someId} refs/heads/`),
      Uint8Array.of(0xff, 0xfe),
      utf8("\0 report-status"),
    ]);
    const { status, body } = await target.unharmed(() =>
      target.post("receive-pack", [joinBytes([pktLine(command), encodeFlush()])]),
    );
    expect(`${status} ${body.toString("latin1")}`).toSatisfy(isRefusedPush);
  });

  test.each([
    ["names one ref twice", [`${zeroId} ${someId} refs/heads/x\0 report-status`, `${zeroId} ${someId} refs/heads/x`]],
    ["has an id of the wrong length", [`${zeroId} ${"1".repeat(39)} refs/heads/x\0 report-status`]],
    [
      "has an id of another hash function",
      [`${"0".repeat(64)} ${"1".repeat(64)} refs/heads/x\0 report-status object-format=sha256`],
    ],
    ["changes nothing to nothing", [`${zeroId} ${zeroId} refs/heads/x\0 report-status`]],
    ["has capabilities that are no text", [`${zeroId} ${someId} refs/heads/x\0\u0001\u0002\u0003=`]],
    ["deletes what is not there", [`${someId} ${zeroId} refs/heads/nothing\0 report-status`]],
    ["claims another old value", [`${someId} ${zeroId} refs/heads/main\0 report-status`]],
  ])("that %s", async (_what, lines) => {
    const { status, body } = await target.unharmed(() =>
      target.post("receive-pack", [joinBytes([...lines.map(pktLine), encodeFlush()])]),
    );
    expect(`${status} ${body.toString("latin1")}`).toSatisfy(isRefusedPush);
  });

  test.each([65_537, 300_000])("of %i refs", async (count) => {
    const lines = Array.from({ length: count }, (_, index) =>
      pktLine(`${zeroId} ${someId} refs/heads/${index}${index === 0 ? "\0 report-status" : ""}`),
    );
    const { status, body } = await target.unharmed(() =>
      target.post("receive-pack", [joinBytes([...lines, encodeFlush()])]),
    );
    expect(`${status} ${body.toString("latin1").slice(0, 300)}`).toSatisfy(isRefusedPush);
  });

  test.each([
    ["65 options", Array.from({ length: 65 }, (_, index) => `o${index}`)],
    ["an option of 5,000 bytes", ["x".repeat(5_000)]],
    ["an option with a line break", ["a\nb\0c"]],
  ])("with %s", async (_what, options) => {
    const command = pktLine(`${zeroId} ${someId} refs/heads/x\0 report-status push-options`);
    const body = joinBytes([command, encodeFlush(), ...options.map(pktLine), encodeFlush()]);
    const answer = await target.unharmed(() => target.post("receive-pack", [body]));
    expect(`${answer.status} ${answer.body.toString("latin1")}`).toSatisfy(isRefusedPush);
  });
});

describe("HTTP that two readers could understand differently is refused:", () => {
  const host = "Host: 127.0.0.1";
  const smuggled = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
  test.each([
    [
      "a length and chunks",
      `POST /api/v3/user HTTP/1.1\r\n${host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      "two lengths",
      `POST /api/v3/user HTTP/1.1\r\n${host}\r\nContent-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    ],
    ["a length with a sign", `POST /api/v3/user HTTP/1.1\r\n${host}\r\nContent-Length: +4\r\n\r\nabcd`],
    ["a negative length", `POST /api/v3/user HTTP/1.1\r\n${host}\r\nContent-Length: -1\r\n\r\n`],
    [
      "a length beyond all numbers",
      `POST /api/v3/user HTTP/1.1\r\n${host}\r\nContent-Length: 99999999999999999999999\r\n\r\n`,
    ],
    [
      "an unknown transfer encoding",
      `POST /api/v3/user HTTP/1.1\r\n${host}\r\nTransfer-Encoding: xchunked\r\n\r\n${smuggled}`,
    ],
    [
      "chunked that is not last",
      `POST /api/v3/user HTTP/1.1\r\n${host}\r\nTransfer-Encoding: chunked, identity\r\n\r\n${smuggled}`,
    ],
    ["a space before the colon", `GET /healthz HTTP/1.1\r\n${host}\r\nContent-Length : 4\r\n\r\nabcd`],
    ["a folded header", `GET /healthz HTTP/1.1\r\n${host}\r\nX-A: b\r\n c: d\r\nContent-Length\r\n : 4\r\n\r\n`],
    [
      "a chunk of a size that is no number",
      `POST /api/v3/user HTTP/1.1\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`,
    ],
    [
      "a chunk larger than all memory",
      `POST /api/v3/user HTTP/1.1\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n\r\n`,
    ],
    ["a NUL in a header", `GET /healthz HTTP/1.1\r\n${host}\r\nX-A: a\0b\r\n\r\n`],
    ["a request that is no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n"],
    ["headers of 64 KiB", `GET /healthz HTTP/1.1\r\n${host}\r\nX-A: ${"a".repeat(65_536)}\r\n\r\n`],
    ["ten thousand headers", `GET /healthz HTTP/1.1\r\n${host}\r\n${"X-A: b\r\n".repeat(10_000)}\r\n`],
    ["a URL of 64 KiB", `GET /${"a".repeat(65_536)} HTTP/1.1\r\n${host}\r\n\r\n`],
  ])("%s", async (_what, request) => {
    const answer = await target.unharmed(() =>
      exchange(target.forge, Buffer.from(request, "latin1"), { timeoutMs: 5_000 }),
    );
    const statuses = statusesOf(answer);
    expect(statuses.length, answer).toBeLessThanOrEqual(1);
    for (const status of statuses) expect(status).toBeOneOf([400, 413, 414, 431]);
  });

  test("no Host at all", async () => {
    const answer = await target.unharmed(() =>
      exchange(target.forge, "GET /healthz HTTP/1.1\r\n\r\n", { timeoutMs: 5_000 }),
    );
    expect(statusesOf(answer)).toEqual([400]);
  });
});

describe("a JSON body is refused", () => {
  const post = (body: Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
    sendRaw(`${target.forge.baseUrl}/api/v3/user/repos`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${target.victim.token}`, ...headers },
      chunks: [body],
    });
  test.each([
    ["that is no JSON", utf8("{name: 'x'}"), 400],
    ["that ends early", utf8('{"name": "x"'), 400],
    ["that is not UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), 400],
    ["that is UTF-16", Buffer.from('{"name":"x"}', "utf16le"), 400],
    ["that is a list", utf8("[]"), 422],
    ["that is a number", utf8("1"), 422],
    ["that is null", utf8("null"), 422],
    ["a hundred thousand lists deep", utf8("[".repeat(100_000) + "]".repeat(100_000)), 422],
    ["of 3 MiB", utf8(`{"name": "${"x".repeat(3 * mebibyte)}"}`), 413],
    ["whose name is a number", utf8('{"name": 1}'), 422],
    ["whose name has a NUL", utf8('{"name": "a\\u0000b"}'), 422],
    ["whose name is half a surrogate", utf8('{"name": "\\ud800"}'), 422],
    ["whose name climbs out", utf8('{"name": "../x"}'), 422],
    ["whose name is an option", utf8('{"name": "--x"}'), 422],
    ["whose name ends in .git", utf8('{"name": "x.git"}'), 422],
    ["whose description has a NUL", utf8('{"name": "described", "description": "a\\u0000b"}'), 422],
    ["whose description is half a surrogate", utf8('{"name": "described", "description": "a\\ud800b"}'), 422],
  ])("%s", async (_what, body, expected) => {
    const { status, body: answer } = await target.unharmed(() => post(body));
    const { message } = JSON.parse(answer.toString()) as { message: string };
    expect({ status, hasMessage: message.length > 0 }, answer.toString()).toEqual({
      status: expected === 422 ? expect.toBeOneOf([400, 422]) : expected,
      hasMessage: true,
    });
  });

  test.each(["__proto__", "constructor", "prototype"])(
    "no further than its %s, which nobody asked for",
    async (member) => {
      const name = uniqueName("shaped");
      const { status, body } = await post(
        utf8(`{"${member}": {"private": true, "prototype": {"private": true}}, "name": "${name}"}`),
      );
      expect({ status, isPrivate: (JSON.parse(body.toString()) as { private: boolean }).private }).toEqual({
        status: 201,
        isPrivate: false,
      });
      expect(JSON.parse((await sendRaw(`${target.forge.baseUrl}/api/v3/meta`)).body.toString())).not.toHaveProperty(
        "private",
      );
    },
  );

  test("that is compressed", async () => {
    const { status } = await target.unharmed(() =>
      post(gzipSync(utf8('{"name": "x"}')), { "content-encoding": "gzip" }),
    );
    expect(status).toBeOneOf([400, 415]);
  });
});

describe("names in URLs lead nowhere they should not:", () => {
  const names = [
    "..",
    "%2e%2e",
    "..%2f..%2fetc",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5cx",
    "%00",
    "a%00b",
    "%ff%fe",
    "%",
    "%zz",
    "-x",
    "--upload-pack=x",
    "x%0d%0aSet-Cookie:%20a=b",
    "%e2%80%ae",
    "__proto__",
    "constructor",
    "x".repeat(300),
    "%25%32%65",
    "*",
    "{owner}",
    ".git",
  ];
  const shapes = [
    (name: string) => `/${name}/x.git/info/refs?service=git-upload-pack`,
    (name: string) => `/x/${name}/info/refs?service=git-upload-pack`,
    (name: string) => `/${name}/${name}/raw/main/README.md`,
    (name: string) => `/api/v3/repos/${name}/${name}`,
    (name: string) => `/api/v3/users/${name}`,
    (name: string) => `/api/guts/view/repos/${name}/${name}`,
    (name: string) => `/api/guts/accounts/${name}/keys`,
    (name: string) => `/api/guts/blocks/${name}`,
    (name: string) => `/assets/${name}`,
  ];
  test.each(names)("%s", async (name) => {
    await target.unharmed(async () => {
      for (const shape of shapes) {
        const request = `GET ${shape(name)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`;
        const answer = await exchange(target.forge, request);
        const [status] = statusesOf(answer);
        expect(status, `${shape(name)}\n${answer.slice(0, 500)}`).toBeOneOf([400, 401, 404, 414]);
        expect(answer).not.toMatch(/root:.*:0:0:|^set-cookie: a=b/im);
      }
    });
  });
});

describe("clients that waste time", () => {
  test("by sending headers, or a body, byte by byte are sent away", { timeout: 180_000 }, async () => {
    const answers = await target.unharmed(() => dripped);
    const isSentAway = (answer: string): boolean =>
      statusesOf(answer).every((status) => status === 408 || status === 400);
    expect(answers.filter((answer) => !isSentAway(answer))).toEqual([]);
  });

  test("by keeping a thousand connections open leave room for others", { timeout: 120_000 }, async () => {
    await target.unharmed(async () => {
      const sockets = await Promise.all(Array.from({ length: 1_000 }, open));
      for (const socket of sockets) socket.on("error", () => {}).write("GET /healthz HTTP/1.1\r\nHo");
      expect((await sendRaw(`${target.forge.baseUrl}/healthz`)).status).toBe(200);
      await target.forge.git.run(["ls-remote", target.repository.url]);
      for (const socket of sockets) socket.destroy();
    });
  });

  test("by never reading a fetch cost no git process once they are gone", { timeout: 180_000 }, async () => {
    const { forge, victim } = target;
    const big = await forge.createFilledRepository(victim);
    const lines = Array.from({ length: 400_000 }, () => Math.random().toString(36)).join("\n");
    await forge.git.commit(big.workTree, "big.txt", lines);
    await forge.git.run(["-C", big.workTree, "push", "-q"]);
    const head = await forge.git.run(["-C", big.workTree, "rev-parse", "HEAD"]);
    await target.unharmed(async () => {
      const body = joinBytes([
        pktLine("command=fetch\n"),
        encodeDelimiter(),
        pktLine(`want ${head}\n`),
        pktLine("done\n"),
        encodeFlush(),
      ]);
      const request = `POST ${new URL(big.url).pathname}/git-upload-pack HTTP/1.1\r\nHost: x\r\nGit-Protocol: version=2\r\nContent-Type: application/x-git-upload-pack-request\r\nContent-Length: ${body.length}\r\n\r\n`;
      const sockets = await Promise.all(Array.from({ length: 8 }, open));
      for (const socket of sockets) {
        socket.pause();
        socket.on("error", () => {});
        socket.write(request);
        socket.write(body);
      }
      const { status } = await sendRaw(`${forge.baseUrl}/healthz`);
      expect(status).toBe(200);
      for (const socket of sockets) socket.resetAndDestroy();
    });
  });

  test("by leaving in the middle of a push leave nothing behind", { timeout: 120_000 }, async () => {
    await target.unharmed(async () => {
      const { pathname } = new URL(target.repository.url);
      const token = Buffer.from(`x:${target.victim.token}`).toString("base64");
      const command = joinBytes([
        pktLine(`${zeroId} ${someId} refs/heads/x\0 report-status`),
        encodeFlush(),
        utf8("PACK"),
      ]);
      for (const length of [command.length, command.length + 1, 1_000_000]) {
        const socket = await open();
        const end = closed(socket);
        socket.write(
          `POST ${pathname}/git-receive-pack HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${token}\r\nContent-Type: application/x-git-receive-pack-request\r\nContent-Length: ${length}\r\n\r\n`,
        );
        socket.end(command);
        await end;
      }
    });
  });
});
