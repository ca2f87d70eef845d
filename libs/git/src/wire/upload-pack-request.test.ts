import { describe, expect, it } from "vitest";
import { GitWireError } from "../errors.ts";
import { joinBytes } from "./join-bytes.ts";
import { encodePktLine } from "./pkt-line.ts";
import { decodeUploadPackRequest, encodeUploadPackRequest } from "./upload-pack-request.ts";

const a = "a".repeat(40);
const b = "b".repeat(40);

function body(...lines: string[]): Uint8Array {
  return joinBytes(lines.map((line) => (/^000[0-2]$/.test(line) ? Buffer.from(line) : encodePktLine(`${line}\n`))));
}

function codeOf(lines: readonly string[], format: "sha1" | "sha256" = "sha1"): string {
  try {
    decodeUploadPackRequest(body(...lines), format);
  } catch (error) {
    if (error instanceof GitWireError) return error.code;
    throw error;
  }
  return "no error";
}

describe("decodeUploadPackRequest", () => {
  it("reads a clone", () => {
    const lines = [
      `want ${a} multi_ack_detailed side-band-64k ofs-delta agent=git/2.39.5`,
      `want ${b}`,
      "0000",
      "done",
    ];
    expect(decodeUploadPackRequest(body(...lines), "sha1")).toEqual({
      wants: [a, b],
      haves: [],
      shallows: [],
      deepening: { depth: undefined, isRelative: false, sinceSeconds: undefined, not: [] },
      filter: undefined,
      isDone: true,
      hasNegotiation: true,
      capabilities: [
        { name: "multi_ack_detailed", value: undefined },
        { name: "side-band-64k", value: undefined },
        { name: "ofs-delta", value: undefined },
        { name: "agent", value: "git/2.39.5" },
      ],
    });
  });

  it("reads a shallow, filtered fetch and a round of haves", () => {
    const lines = [
      ...[`want ${a} filter deepen-relative`, `shallow ${b}`, "deepen 2", "deepen-since 5", "deepen-not v1"],
      ...["filter tree:0", "0000", `have ${b}`, "0000"],
    ];
    expect(decodeUploadPackRequest(body(...lines), "sha1")).toMatchObject({
      shallows: [b],
      deepening: { depth: 2, isRelative: true, sinceSeconds: 5, not: ["v1"] },
      filter: "tree:0",
      haves: [b],
      isDone: false,
      hasNegotiation: true,
    });
  });

  it("tells a question for shallow boundaries from an empty round", () => {
    const wants = [`want ${a} shallow`, "deepen 1", "0000"];
    expect(decodeUploadPackRequest(body(...wants), "sha1").hasNegotiation).toBe(false);
    expect(decodeUploadPackRequest(body(...wants, "0000"), "sha1").hasNegotiation).toBe(true);
  });

  it("reads a bare flush as a request for nothing", () => {
    expect(decodeUploadPackRequest(body("0000"), "sha1").wants).toEqual([]);
  });

  it("reads 64-digit ids in a sha256 repository", () => {
    const lines = [`want ${"c".repeat(64)} object-format=sha256`, "0000", "done"];
    expect(decodeUploadPackRequest(body(...lines), "sha256").wants).toEqual(["c".repeat(64)]);
    expect(codeOf(lines, "sha1")).toBe("object-format-mismatch");
    expect(codeOf([`want ${"c".repeat(64)}`, "0000", "done"], "sha256")).toBe("no error");
    expect(codeOf([`want ${a}`, "0000", "done"], "sha256")).toBe("object-id-invalid");
  });

  it.each([
    ["an empty body", [], "request-incomplete"],
    ["wants without a flush", [`want ${a}`], "request-incomplete"],
    ["haves without an end", [`want ${a}`, "0000", `have ${b}`], "request-incomplete"],
    ["bytes behind done", [`want ${a}`, "0000", "done", "0000"], "request-has-trailing-bytes"],
    ["haves without a want", ["0000", "done"], "request-has-trailing-bytes"],
    ["a have among the wants", [`want ${a}`, `have ${b}`, "0000"], "line-malformed"],
    ["a want among the haves", [`want ${a}`, "0000", `want ${b}`, "done"], "line-malformed"],
    ["done among the wants", [`want ${a}`, "done", "0000"], "line-malformed"],
    ["something else first", [`shallow ${a}`, "0000"], "line-malformed"],
    ["a word that only begins like one", [`want ${a}`, "deepen-on 1", "0000"], "line-malformed"],
    ["a filter that was not negotiated", [`want ${a}`, "filter blob:none", "0000", "done"], "line-malformed"],
    ["capabilities on a later want", [`want ${a}`, `want ${b} thin-pack`, "0000"], "object-id-invalid"],
    ["a delimiter", [`want ${a}`, "0001", "0000"], "pkt-line-unexpected"],
  ])("refuses %s", (_, lines, code) => {
    expect(codeOf(lines)).toBe(code);
  });
});

describe("encodeUploadPackRequest", () => {
  it.each([
    ["a clone", [`want ${a} ofs-delta`, `want ${b}`, "0000", "done"]],
    ["a round", [`want ${a}`, `shallow ${b}`, "deepen 1", "0000", `have ${b}`, "0000"]],
    ["a question for boundaries", [`want ${a} filter`, "deepen-since 3", "filter blob:none", "0000"]],
    ["nothing", ["0000"]],
  ])("writes %s as it was read", (_, lines) => {
    expect(encodeUploadPackRequest(decodeUploadPackRequest(body(...lines), "sha1"))).toEqual(body(...lines));
  });
});
