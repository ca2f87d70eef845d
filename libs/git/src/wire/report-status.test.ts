import { utf8, zeroObjectId } from "@guts/primitives";
import { describe, expect, it } from "vitest";
import { GitWireError } from "../errors.ts";
import { wireLimits } from "../limits.ts";
import { byteStringOf, toByteString } from "./byte-string.ts";
import { joinBytes } from "./join-bytes.ts";
import { decodePktLines, encodePktLine, pktLinePayloadBytesMax } from "./pkt-line.ts";
import { receivePackFeatures } from "./receive-pack-request.ts";
import { parseCapabilities } from "./capabilities.ts";
import { decodeReportStatus, encodePushResponse, encodeReportStatus, type PushReport } from "./report-status.ts";
import { demultiplexSideBand } from "./side-band.ts";

const name = byteStringOf("refs/heads/größe");
const ok: PushReport = { unpackError: undefined, refs: [{ status: "ok", name }] };
const rewritten: PushReport = {
  unpackError: undefined,
  refs: [
    { status: "ng", name: byteStringOf("refs/heads/a"), reason: "non-fast-forward" },
    {
      status: "ok",
      name,
      rewritten: {
        refName: byteStringOf("refs/pull/1/head"),
        oldId: zeroObjectId("sha1"),
        newId: "a".repeat(40) as never,
        isForced: true,
      },
    },
  ],
};

function lines(bytes: Uint8Array): string[] {
  return Array.from(decodePktLines(bytes), (line) =>
    line.type === "data" ? new TextDecoder().decode(line.payload) : line.type,
  );
}

describe("encodeReportStatus", () => {
  it("writes version 2 with options behind their ref", () => {
    expect(lines(encodeReportStatus(rewritten, 2))).toEqual([
      "unpack ok\n",
      "ng refs/heads/a non-fast-forward\n",
      "ok refs/heads/größe\n",
      "option refname refs/pull/1/head\n",
      `option old-oid ${"0".repeat(40)}\n`,
      `option new-oid ${"a".repeat(40)}\n`,
      "option forced-update\n",
      "flush",
    ]);
  });

  it("writes version 1 without options", () => {
    expect(lines(encodeReportStatus(rewritten, 1))).toEqual([
      "unpack ok\n",
      "ng refs/heads/a non-fast-forward\n",
      "ok refs/heads/größe\n",
      "flush",
    ]);
  });

  it("keeps a reason on one clean line", () => {
    const report: PushReport = {
      unpackError: "pack\nis\u001b[31m corrupt",
      refs: [{ status: "ng", name, reason: "a\r\nok refs/heads/b\t\u0000c" }],
    };
    expect(lines(encodeReportStatus(report, 2))).toEqual([
      "unpack pack is[31m corrupt\n",
      "ng refs/heads/größe a ok refs/heads/b c\n",
      "flush",
    ]);
  });

  it("cuts a long reason between characters", () => {
    const report: PushReport = {
      unpackError: undefined,
      refs: [{ status: "ng", name, reason: `x${"ü".repeat(4000)}` }],
    };
    expect(lines(encodeReportStatus(report, 2))[1]).toBe(`ng refs/heads/größe x${"ü".repeat(499)}\n`);
  });

  it("reports the longest name that a command can carry", () => {
    const longest = byteStringOf("x".repeat(pktLinePayloadBytesMax - 82));
    const report: PushReport = {
      unpackError: undefined,
      refs: [{ status: "ng", name: longest, reason: "funny refname" }],
    };
    expect(decodeReportStatus(encodeReportStatus(report, 2), "sha1")).toEqual(report);
  });
});

describe("encodePushResponse", () => {
  const features = (list: string) => receivePackFeatures(parseCapabilities(list));

  it("wraps the report, its flush included, and ends the stream", () => {
    const response = encodePushResponse(ok, features("report-status-v2 side-band-64k"));
    expect(demultiplexSideBand(decodePktLines(response)).data).toEqual(encodeReportStatus(ok, 2));
    expect(lines(response).at(-1)).toBe("flush");
  });

  it("cuts a long report into lines of the side-band", () => {
    const report: PushReport = {
      unpackError: undefined,
      refs: Array.from({ length: 5000 }, (_, index) => ({ status: "ok", name: byteStringOf(`refs/heads/${index}`) })),
    };
    const { data } = demultiplexSideBand(
      decodePktLines(encodePushResponse(report, features("report-status side-band"))),
    );
    expect(decodeReportStatus(data, "sha1")).toEqual(report);
  });

  it("is bare without a side-band, a lone flush without a report, and empty without both", () => {
    expect(encodePushResponse(ok, features("report-status"))).toEqual(encodeReportStatus(ok, 1));
    expect(encodePushResponse(ok, features("side-band-64k"))).toEqual(utf8("0000"));
    expect(encodePushResponse(ok, features(""))).toEqual(new Uint8Array(0));
  });
});

describe("decodeReportStatus", () => {
  it("reads what was written", () => {
    expect(decodeReportStatus(encodeReportStatus(rewritten, 2), "sha1")).toEqual(rewritten);
    const failed: PushReport = { unpackError: "index-pack failed", refs: [] };
    expect(decodeReportStatus(encodeReportStatus(failed, 2), "sha1")).toEqual(failed);
  });

  it.each([
    ["nothing", [], "request-incomplete"],
    ["no flush", ["unpack ok\n"], "request-incomplete"],
    ["no unpack line", ["ok refs/heads/a\n", "0000"], "line-malformed"],
    ["an unknown line", ["unpack ok", "maybe refs/heads/a", "0000"], "line-malformed"],
    ["no reason", ["unpack ok", "ng refs/heads/a", "0000"], "line-malformed"],
    [
      "an option behind a refusal",
      ["unpack ok", "ng refs/heads/a no", "option forced-update", "0000"],
      "line-malformed",
    ],
    ["an option behind nothing", ["unpack ok", "option forced-update", "0000"], "line-malformed"],
    ["an unknown option", ["unpack ok", "ok refs/heads/a", "option x", "0000"], "line-malformed"],
    ["an option with a bad id", ["unpack ok", "ok refs/heads/a", "option new-oid x", "0000"], "object-id-invalid"],
    ["a delimiter", ["unpack ok", "0001", "0000"], "pkt-line-unexpected"],
    ["bytes behind the flush", ["unpack ok", "0000", "0000"], "request-has-trailing-bytes"],
  ])("refuses %s", (_, texts, code) => {
    const bytes = joinBytes(texts.map((text) => (/^000[01]$/.test(text) ? utf8(text) : encodePktLine(text))));
    let found = "no error";
    try {
      decodeReportStatus(bytes, "sha1");
    } catch (error) {
      if (!(error instanceof GitWireError)) throw error;
      found = error.code;
    }
    expect(found).toBe(code);
  });

  it("takes as many bytes as the limit and refuses one more", () => {
    const max = wireLimits.reportBytesMax;
    const codeOf = (size: number): unknown => {
      try {
        return decodeReportStatus(new Uint8Array(size), "sha1");
      } catch (error) {
        return error instanceof GitWireError ? error.code : error;
      }
    };
    expect([codeOf(max), codeOf(max + 1)]).toEqual(["pkt-line-length-invalid", "limit-exceeded"]);
  });

  it("reads why the pack was refused as text", () => {
    const report: PushReport = { unpackError: "größer als erlaubt", refs: [] };
    expect(decodeReportStatus(encodeReportStatus(report, 1), "sha1")).toEqual(report);
  });

  it("keeps names byte for byte", () => {
    const strange = toByteString(new Uint8Array([0x72, 0xff, 0xfe]));
    const report: PushReport = { unpackError: undefined, refs: [{ status: "ok", name: strange }] };
    expect(decodeReportStatus(encodeReportStatus(report, 1), "sha1")).toEqual(report);
  });
});
