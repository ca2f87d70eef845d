import type { ObjectFormat } from "@guts/primitives";
import { describe, expect, it } from "vitest";
import { GitWireError } from "../errors.ts";
import { refPrefixCountMax, wireLimits } from "../limits.ts";
import { joinBytes } from "./join-bytes.ts";
import { encodePktLine } from "./pkt-line.ts";
import {
  decodeProtocolV2Request,
  defaultFetchFeatures,
  encodeCapabilityAdvertisement,
  encodeFetchRequest,
  type FetchFeatures,
  type FetchV2Request,
  type ProtocolV2Request,
} from "./protocol-v2.ts";

const a = "a".repeat(40);
const b = "b".repeat(40);

/** Lines as they are written in the protocol's documents: `0000` and `0001` stand for themselves. */
function body(lines: readonly string[]): Uint8Array {
  return joinBytes(lines.map((line) => (/^000[0-2]$/.test(line) ? Buffer.from(line) : encodePktLine(`${line}\n`))));
}

function decode(lines: readonly string[], features: Partial<FetchFeatures> = {}, objectFormat: ObjectFormat = "sha1") {
  return decodeProtocolV2Request(body(lines), { objectFormat, features: { ...defaultFetchFeatures, ...features } });
}

function decodeFetch(lines: readonly string[], features: Partial<FetchFeatures> = {}): FetchV2Request {
  const request = decode(["command=fetch", "0001", ...lines, "0000"], features);
  if (request.command !== "fetch") throw new Error("not a fetch");
  return request.fetch;
}

function codeOf(run: () => ProtocolV2Request | FetchV2Request): string {
  try {
    run();
  } catch (error) {
    if (error instanceof GitWireError) return error.code;
    throw error;
  }
  return "no error";
}

describe("decodeProtocolV2Request", () => {
  it("reads ls-refs with its capabilities", () => {
    const request = decode([
      ...["agent=git/2.39.5", "command=ls-refs", "object-format=sha1", "server-option=a b"],
      ...["0001", "peel", "symrefs", "unborn", "ref-prefix refs/heads/", "ref-prefix HEAD", "0000"],
    ]);
    expect(request).toEqual({
      command: "ls-refs",
      capabilities: [
        { name: "agent", value: "git/2.39.5" },
        { name: "object-format", value: "sha1" },
        { name: "server-option", value: "a b" },
      ],
      lsRefs: { peel: true, symrefs: true, unborn: true, refPrefixes: ["refs/heads/", "HEAD"] },
    });
  });

  it("reads a command without arguments, with and without a delimiter", () => {
    const expected = { peel: false, symrefs: false, unborn: false, refPrefixes: [] };
    expect(decode(["command=ls-refs", "0000"])).toMatchObject({ lsRefs: expected });
    expect(decode(["command=ls-refs", "0001", "0000"])).toMatchObject({ lsRefs: expected });
  });

  it("reads a bare flush as a request for nothing", () => {
    expect(decode(["0000"])).toEqual({ command: "none" });
  });

  it("reads every argument of fetch", () => {
    const request = decodeFetch([
      ...["thin-pack", "no-progress", "include-tag", "ofs-delta", "wait-for-done", "deepen-relative"],
      ...[`want ${a}`, `want ${a}`, `want ${b}`, `have ${b}`, `shallow ${a}`],
      ...["deepen 3", "deepen-since 1700000000", "deepen-not v1", "deepen-not v2", "filter blob:none", "done"],
    ]);
    expect(request).toEqual({
      wants: [a, b],
      haves: [b],
      shallows: [a],
      deepening: { depth: 3, isRelative: true, sinceSeconds: 1_700_000_000, not: ["v1", "v2"] },
      filter: "blob:none",
      isDone: true,
      flags: new Set(["thin-pack", "no-progress", "include-tag", "ofs-delta", "wait-for-done", "deepen-relative"]),
      wantRefs: [],
    });
  });

  it("reads 64-digit ids in a sha256 repository and no others", () => {
    const head = ["command=fetch", "object-format=sha256", "0001"];
    expect(decode([...head, `want ${"c".repeat(64)}`, "0000"], {}, "sha256")).toMatchObject({
      fetch: { wants: ["c".repeat(64)] },
    });
    expect(codeOf(() => decode([...head, `want ${a}`, "0000"], {}, "sha256"))).toBe("object-id-invalid");
  });

  it.each([
    [["command=ls-refs", "object-format=sha256", "0000"], "sha1"],
    [["command=ls-refs", "object-format=md5", "0000"], "sha1"],
    [["command=ls-refs", "0000"], "sha256"],
  ] as const)("refuses another object format: %j in %s", (lines, format) => {
    expect(codeOf(() => decode(lines, {}, format))).toBe("object-format-mismatch");
  });

  it.each([
    ["no command", ["agent=x", "0000"], "request-incomplete"],
    ["a delimiter first", ["0001", "0000"], "request-incomplete"],
    ["no flush", ["command=ls-refs"], "request-incomplete"],
    ["no flush behind the arguments", ["command=ls-refs", "0001", "peel"], "request-incomplete"],
    ["two commands", ["command=ls-refs", "command=fetch", "0000"], "line-malformed"],
    ["an empty command", ["command=", "0000"], "command-unknown"],
    ["a command that is not advertised", ["command=object-info", "0001", "size", "0000"], "command-unknown"],
    ["a capability that is not advertised", ["command=fetch", "session-id=x", "0000"], "argument-unknown"],
    ["a line that is no capability", ["command=fetch", "a b", "0000"], "line-malformed"],
    ["an unknown argument of ls-refs", ["command=ls-refs", "0001", "peeled", "0000"], "argument-unknown"],
    ["a response end", ["command=ls-refs", "0002"], "pkt-line-unexpected"],
    ["two delimiters", ["command=ls-refs", "0001", "0001", "0000"], "pkt-line-unexpected"],
    ["bytes behind the flush", ["command=ls-refs", "0000", "0000"], "request-has-trailing-bytes"],
    ["bytes behind a bare flush", ["0000", "command=ls-refs", "0000"], "request-has-trailing-bytes"],
  ])("refuses %s", (_, lines, code) => {
    expect(codeOf(() => decode(lines))).toBe(code);
  });

  it.each([
    [`want ${a}x`, "object-id-invalid"],
    [`want ${a} ${b}`, "object-id-invalid"],
    [`want  ${a}`, "object-id-invalid"],
    [`want ${a.toUpperCase()}`, "object-id-invalid"],
    [`want ${a}\0`, "object-id-invalid"],
    [`want ${a}\n`, "object-id-invalid"],
    ["want", "argument-unknown"],
    [`have ${a.slice(1)}`, "object-id-invalid"],
    ["shallow HEAD", "object-id-invalid"],
    ["deepen 0", "line-malformed"],
    ["deepen -1", "line-malformed"],
    ["deepen 0x10", "line-malformed"],
    ["deepen 2147483648", "line-malformed"],
    ["deepen-since 0", "line-malformed"],
    ["deepen-since 99999999999999999999", "line-malformed"],
    ["deepen-not --all", "line-malformed"],
    ["deepen-not a b", "line-malformed"],
    ["deepen-not v1^{}", "line-malformed"],
    ["filter sparse:oid=HEAD:x", "filter-unsupported"],
    ["filter ", "filter-unsupported"],
    [" done", "argument-unknown"],
    ["done ", "argument-unknown"],
    ["thin-pack ", "argument-unknown"],
    ["packfile-uris https", "argument-unknown"],
    [`command=fetch`, "argument-unknown"],
  ])("refuses the fetch argument %j", (line, code) => {
    expect(codeOf(() => decodeFetch([line]))).toBe(code);
  });

  it("takes arguments only of features that are advertised", () => {
    expect(codeOf(() => decodeFetch(["want-ref refs/heads/main"]))).toBe("argument-unknown");
    expect(codeOf(() => decodeFetch(["sideband-all"]))).toBe("argument-unknown");
    expect(codeOf(() => decodeFetch(["filter blob:none"], { filter: false }))).toBe("argument-unknown");
    expect(decodeFetch(["want-ref refs/heads/main"], { refInWant: true }).wantRefs).toEqual(["refs/heads/main"]);
    expect(decodeFetch(["sideband-all"], { sidebandAll: true }).flags).toEqual(new Set(["sideband-all"]));
  });

  it("answers every ref when there are too many prefixes to look at", () => {
    const prefixes = (count: number): string[] => Array.from({ length: count }, (_, index) => `ref-prefix r${index}`);
    const count = (size: number): number => {
      const request = decode(["command=ls-refs", "0001", ...prefixes(size), "0000"]);
      return request.command === "ls-refs" ? request.lsRefs.refPrefixes.length : -1;
    };
    expect(count(refPrefixCountMax)).toBe(refPrefixCountMax);
    expect(count(refPrefixCountMax + 1)).toBe(0);
  });
});

describe("limits of a fetch", () => {
  const id = (index: number): string => index.toString(16).padStart(40, "0");
  const numbered = (count: number, line: (index: number) => string): string[] =>
    Array.from({ length: count }, (_, index) => line(index));

  it.each([
    ["wantCountMax", (index: number) => `want ${id(index)}`],
    ["haveCountMax", (index: number) => `have ${id(index)}`],
    ["shallowCountMax", (index: number) => `shallow ${id(index)}`],
    ["deepenNotCountMax", (index: number) => `deepen-not v${index}`],
  ] as const)("%s holds, and one more does not", (limit, line) => {
    const max = wireLimits[limit];
    expect(codeOf(() => decodeFetch(numbered(max, line)))).toBe("no error");
    expect(codeOf(() => decodeFetch(numbered(max + 1, line)))).toBe("limit-exceeded");
  });

  it("capabilityCountMax holds, and one more does not", () => {
    const lines = (count: number) => [
      "command=ls-refs",
      ...numbered(count, (index) => `server-option=${index}`),
      "0000",
    ];
    expect(codeOf(() => decode(lines(wireLimits.capabilityCountMax)))).toBe("no error");
    expect(codeOf(() => decode(lines(wireLimits.capabilityCountMax + 1)))).toBe("limit-exceeded");
  });

  it("uploadPackRequestBytesMax is checked before anything is decoded", () => {
    const options = { objectFormat: "sha1", features: defaultFetchFeatures } as const;
    const max = wireLimits.uploadPackRequestBytesMax;
    expect(codeOf(() => decodeProtocolV2Request(new Uint8Array(max), options))).toBe("pkt-line-length-invalid");
    expect(codeOf(() => decodeProtocolV2Request(new Uint8Array(max + 1), options))).toBe("limit-exceeded");
  });
});

describe("encodeFetchRequest", () => {
  it("writes equal requests equally, whatever the order of their lines", () => {
    const orders = [
      ["ofs-delta", "thin-pack", `want ${a}`, "done", "filter tree:0", "deepen 1"],
      ["deepen 1", "done", `want ${a}`, "thin-pack", "filter tree:0", "ofs-delta", `want ${a}`],
    ];
    const [first, second] = orders.map((lines) =>
      Buffer.from(encodeFetchRequest(decodeFetch(lines), "sha1")).toString(),
    );
    expect(first).toBe(second);
    expect(first).toBe(
      Buffer.from(
        body([
          ...["command=fetch", "object-format=sha1", "0001", "thin-pack", "ofs-delta"],
          ...[`want ${a}`, "deepen 1", "filter tree:0", "done", "0000"],
        ]),
      ).toString(),
    );
  });
});

describe("encodeCapabilityAdvertisement", () => {
  it("names the features that are on", () => {
    const features = { filter: false, refInWant: true, sidebandAll: true };
    const text = Buffer.from(
      encodeCapabilityAdvertisement({ agent: "guts/1", objectFormat: "sha1", features }),
    ).toString();
    expect(text).toContain("fetch=shallow wait-for-done ref-in-want sideband-all\n");
  });
});
