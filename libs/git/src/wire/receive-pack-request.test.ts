import { utf8, zeroObjectId, type ObjectFormat } from "@guts/primitives";
import { describe, expect, it } from "vitest";
import { wireLimits } from "../limits.ts";
import { toByteString } from "./byte-string.ts";
import { joinBytes } from "./join-bytes.ts";
import { PktLineReader } from "./pkt-line-reader.ts";
import { encodePktLine } from "./pkt-line.ts";
import { readReceivePackRequest, type ReceivePackRequest } from "./receive-pack-request.ts";

const signal = new AbortController().signal;
const a = "a".repeat(40);
const b = "b".repeat(40);
const zero = zeroObjectId("sha1");

function body(...lines: (string | Uint8Array)[]): Uint8Array {
  return joinBytes(lines.map((line) => (line === "0000" || line === "0001" ? utf8(line) : encodePktLine(line))));
}

async function* stream(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

function read(lines: readonly (string | Uint8Array)[], format: ObjectFormat = "sha1"): Promise<ReceivePackRequest> {
  return readReceivePackRequest(new PktLineReader(stream(body(...lines))), format, signal);
}

describe("readReceivePackRequest", () => {
  it("reads commands, capabilities and options, and leaves the pack", async () => {
    const request = body(
      ...[
        `shallow ${b}\n`,
        `${zero} ${a} refs/heads/main\0 report-status-v2 side-band-64k atomic quiet push-options\n`,
      ],
      ...[`${a} ${b} refs/heads/größe`, `${a} ${zero} refs/tags/v1`, "0000", "ci.skip", "topic=a b", "0000"],
    );
    const reader = new PktLineReader(stream(request, utf8("PACK...")));
    expect(await readReceivePackRequest(reader, "sha1", signal)).toEqual({
      updates: [
        { name: "refs/heads/main", oldId: zero, newId: a },
        { name: "refs/heads/größe", oldId: a, newId: b },
        { name: "refs/tags/v1", oldId: a, newId: zero },
      ],
      refused: [],
      hasPack: true,
      capabilities: ["report-status-v2", "side-band-64k", "atomic", "quiet", "push-options"].map((name) => ({
        name,
        value: undefined,
      })),
      features: { reportVersion: 2, sideBand: "side-band-64k", isAtomic: true, isQuiet: true, hasPushOptions: true },
      shallows: [b],
      pushOptions: ["ci.skip", "topic=a b"],
      certificate: undefined,
    });
    const rest: Uint8Array[] = [];
    for await (const chunk of reader.rest()) rest.push(chunk);
    expect(toByteString(joinBytes(rest))).toBe("PACK...");
  });

  it("expects no pack when every command deletes", async () => {
    const request = await read([`${a} ${zero} refs/heads/x\0report-status`, `${b} ${zero} refs/heads/y`, "0000"]);
    expect(request).toMatchObject({ hasPack: false, features: { reportVersion: 1, sideBand: undefined } });
  });

  it("reads a bare flush as a push of nothing", async () => {
    expect(await read(["0000"])).toMatchObject({ updates: [], refused: [], hasPack: false });
  });

  it("takes a client without capabilities", async () => {
    expect(await read([`${zero} ${a} refs/heads/x`, "0000"])).toMatchObject({
      capabilities: [],
      features: { reportVersion: 0, sideBand: undefined, isAtomic: false },
    });
  });

  it("reads 64-digit ids in a sha256 repository", async () => {
    const id = "c".repeat(64);
    const command = `${zeroObjectId("sha256")} ${id} refs/heads/x\0object-format=sha256`;
    expect((await read([command, "0000"], "sha256")).updates[0]?.newId).toBe(id);
    await expect(read([command, "0000"], "sha1")).rejects.toMatchObject({ code: "object-format-mismatch" });
    await expect(read([command.replace("sha256", "blake3"), "0000"], "sha256")).rejects.toMatchObject({
      data: { expected: "sha256", found: "blake3" },
    });
  });

  it.each([
    "HEAD",
    "main",
    "refs/main",
    "refs/heads/",
    "refs/heads/a..b",
    "refs/heads/a b",
    "refs/heads/.a",
    "refs/heads/a.lock",
    "refs/heads/a\u001b[31m",
    "refs/heads/a\nng refs/heads/b",
    "refs/heads/a\u0007",
    `refs/heads/${"x".repeat(300)}`,
  ])("refuses the name %j by itself and keeps the others", async (name) => {
    const request = await read([`${zero} ${a} ${name}\0report-status`, `${zero} ${a} refs/heads/good`, "0000"]);
    expect(request.updates.map((update) => update.name)).toEqual(["refs/heads/good"]);
    expect(request.refused).toEqual([{ name, code: "ref-name-invalid", reason: "funny refname" }]);
    expect(request.hasPack).toBe(true);
  });

  it("refuses a name that is not UTF-8 and keeps its bytes", async () => {
    const command = new Uint8Array([...utf8(`${zero} ${a} refs/heads/`), 0xff, 0xfe]);
    expect((await read([command, "0000"])).refused).toEqual([
      { name: "refs/heads/\u00ff\u00fe", code: "ref-name-invalid", reason: "funny refname" },
    ]);
  });

  it("refuses every command for a ref that is named twice, once", async () => {
    const request = await read([
      `${zero} ${a} refs/heads/x`,
      `${zero} ${b} refs/heads/x`,
      `${zero} ${b} refs/heads/y`,
      "0000",
    ]);
    expect(request.updates.map((update) => update.name)).toEqual(["refs/heads/y"]);
    expect(request.refused.map(({ name, code }) => [name, code])).toEqual([["refs/heads/x", "ref-repeated"]]);
  });

  it("refuses a command from nothing to nothing", async () => {
    const request = await read([`${zero} ${zero} refs/heads/x`, "0000"]);
    expect(request.refused.map(({ code }) => code)).toEqual(["ids-both-zero"]);
    expect(request.hasPack).toBe(false);
  });

  it.each([
    ["an empty stream", [], "request-incomplete"],
    ["commands without a flush", [`${zero} ${a} refs/heads/x`], "request-incomplete"],
    ["options without a flush", [`${zero} ${a} refs/heads/x\0push-options`, "0000", "x"], "request-incomplete"],
    ["a delimiter", [`${zero} ${a} refs/heads/x`, "0001"], "pkt-line-unexpected"],
    ["no name", [`${zero} ${a} `, "0000"], "line-malformed"],
    ["no old id", [`${a} refs/heads/x`, "0000"], "line-malformed"],
    ["a tab", [`${zero}\t${a}\trefs/heads/x`, "0000"], "line-malformed"],
    ["an id that is too short", [`${zero.slice(1)} ${a}a refs/heads/x`, "0000"], "line-malformed"],
    ["an id in upper case", [`${zero} ${a.toUpperCase()} refs/heads/x`, "0000"], "object-id-invalid"],
    ["an id that is none", [`${"g".repeat(40)} ${a} refs/heads/x`, "0000"], "object-id-invalid"],
    ["an empty line", ["", "0000"], "line-malformed"],
    [
      "capabilities on a later command",
      [`${zero} ${a} refs/heads/x\0`, `${zero} ${a} refs/heads/y\0atomic`, "0000"],
      "line-malformed",
    ],
    ["a shallow line behind a command", [`${zero} ${a} refs/heads/x`, `shallow ${b}`, "0000"], "line-malformed"],
    ["a shallow line without an id", ["shallow x", "0000"], "object-id-invalid"],
    ["an option of two lines", [`${zero} ${a} refs/heads/x\0push-options`, "0000", "a\nb", "0000"], "line-malformed"],
  ])("fails on %s", async (_, lines, code) => {
    await expect(read(lines)).rejects.toMatchObject({ name: "GitWireError", code });
  });

  it("stops when its signal aborts", async () => {
    const aborted = AbortSignal.abort(new Error("client left"));
    await expect(readReceivePackRequest(new PktLineReader(stream(body("0000"))), "sha1", aborted)).rejects.toThrow(
      "client left",
    );
  });
});

describe("limits of a push", () => {
  const numbered = (count: number, line: (index: number) => string): string[] =>
    Array.from({ length: count }, (_, index) => line(index));
  const command = `${zero} ${a} refs/heads/x\0push-options`;

  it.each([
    ["commandCountMax", (count: number) => [...numbered(count, (index) => `${zero} ${a} refs/heads/${index}`), "0000"]],
    [
      "shallowCountMax",
      (count: number) => [...numbered(count, (index) => `shallow ${index.toString(16).padStart(40, "0")}`), "0000"],
    ],
    ["pushOptionCountMax", (count: number) => [command, "0000", ...numbered(count, String), "0000"]],
    ["pushOptionBytesMax", (count: number) => [command, "0000", "x".repeat(count), "0000"]],
  ] as const)("%s holds, and one more does not", async (limit, lines) => {
    const max = wireLimits[limit];
    await read(lines(max));
    await expect(read(lines(max + 1))).rejects.toMatchObject({ code: "limit-exceeded", data: { limit, max } });
  });

  it("receivePackCommandBytesMax stops a client that never ends its commands", async () => {
    let sentBytes = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        const name = `refs/heads/${"x".repeat(60_000)}`;
        const line = encodePktLine(`${zero} ${a} ${name}`);
        sentBytes += line.length;
        yield line;
      }
    }
    await expect(readReceivePackRequest(new PktLineReader(endless()), "sha1", signal)).rejects.toMatchObject({
      data: { limit: "receivePackCommandBytesMax" },
    });
    expect(sentBytes).toBeLessThan(wireLimits.receivePackCommandBytesMax + 200_000);
  });
});

describe("push certificates", () => {
  const header = [
    "certificate version 0.1\n",
    "pusher A <a@example.org> 1 +0000\n",
    "pushee https://x/o/r.git\n",
    "nonce 1-ab\n",
  ];
  const signature = ["-----BEGIN SSH SIGNATURE-----\n", "U1NIU0lH\n", "-----END SSH SIGNATURE-----\n"];
  const certificate = (...middle: string[]): string[] => [...header, ...middle, ...signature];
  const push = (lines: readonly string[], list = "report-status"): string[] => [
    `push-cert\0${list}\n`,
    ...lines,
    "push-cert-end\n",
    "0000",
  ];

  it("takes the commands from the certificate and keeps its text", async () => {
    const lines = certificate("\n", `${zero} ${a} refs/heads/main\n`);
    const request = await read(push(lines));
    expect(request.updates).toEqual([{ name: "refs/heads/main", oldId: zero, newId: a }]);
    expect(request.hasPack).toBe(true);
    const { text, signedText, signature: signed, ...fields } = request.certificate!;
    expect(toByteString(text)).toBe(lines.join(""));
    expect(toByteString(signedText) + toByteString(signed)).toBe(lines.join(""));
    expect(toByteString(signed)).toBe(signature.join(""));
    expect(fields).toEqual({
      pusher: "A <a@example.org> 1 +0000",
      pushee: "https://x/o/r.git",
      nonce: "1-ab",
      pushOptions: [],
    });
  });

  it("wants the same push options beside it as in it", async () => {
    const lines = push(certificate("push-option a\n", "\n", `${zero} ${a} refs/heads/main\n`), "push-options");
    expect((await read([...lines, "a", "0000"])).pushOptions).toEqual(["a"]);
    await expect(read([...lines, "b", "0000"])).rejects.toMatchObject({ code: "line-malformed" });
    await expect(read([...lines, "0000"])).rejects.toMatchObject({ code: "line-malformed" });
  });

  const commands = ["\n", `${zero} ${a} refs/heads/main\n`];
  it.each([
    ["no end", [`push-cert\0\n`, ...certificate(...commands), "0000"], "request-incomplete"],
    [
      "a plain command behind it",
      [`push-cert\0\n`, ...certificate(...commands), "push-cert-end\n", `${zero} ${a} refs/heads/x`, "0000"],
      "line-malformed",
    ],
    ["a plain command before it", [`${zero} ${a} refs/heads/x\0`, "push-cert\n", "0000"], "line-malformed"],
    ["no signature", push([...header, ...commands]), "line-malformed"],
    ["no blank line", push(certificate(commands[1]!)), "line-malformed"],
    ["a blank line only in the signature", push([...header, ...signature, "\n\n"]), "line-malformed"],
    ["another version", push(["certificate version 0.2\n", ...certificate(...commands).slice(1)]), "line-malformed"],
    ["two nonces", push(certificate("nonce 2\n", ...commands)), "line-malformed"],
    ["an unknown header", push(certificate("pushed x\n", ...commands)), "line-malformed"],
    ["no pusher", push([header[0]!, ...commands, ...signature]), "line-malformed"],
    ["a line that is no command", push(certificate("\n", "hello\n")), "line-malformed"],
    ["nothing", push([]), "line-malformed"],
  ])("fails on %s", async (_, lines, code) => {
    await expect(read(lines)).rejects.toMatchObject({ name: "GitWireError", code });
  });

  it("pushCertificateBytesMax holds, and one more byte does not", async () => {
    const whole = certificate(...commands).join("");
    const filler = wireLimits.pushCertificateBytesMax - whole.length;
    const padded = (count: number): string[] => {
      const lines = [
        "x".repeat(count % 60_000),
        ...Array.from({ length: Math.floor(count / 60_000) }, () => "x".repeat(60_000)),
      ];
      return push([...certificate(...commands), ...lines]);
    };
    await read(padded(filler));
    await expect(read(padded(filler + 1))).rejects.toMatchObject({ data: { limit: "pushCertificateBytesMax" } });
  });
});
