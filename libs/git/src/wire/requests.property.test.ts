/** What holds for every request of either service: it round-trips, it may be cut anywhere, it never fails untyped. */
import { objectIdLength, type ObjectFormat, type ObjectId } from "@guts/primitives";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GitWireError } from "../errors.ts";
import { byteStringOf } from "./byte-string.ts";
import type { FetchRequest } from "./fetch-request.ts";
import { joinBytes } from "./join-bytes.ts";
import { parseObjectFilter } from "./object-filter.ts";
import { PktLineReader } from "./pkt-line-reader.ts";
import { encodeFlush, encodePktLine } from "./pkt-line.ts";
import {
  decodeProtocolV2Request,
  defaultFetchFeatures,
  encodeFetchRequest,
  type FetchFlag,
  type FetchV2Request,
} from "./protocol-v2.ts";
import { readReceivePackRequest } from "./receive-pack-request.ts";
import { decodeReportStatus, encodeReportStatus, type PushReport, type RefReport } from "./report-status.ts";
import { decodeUploadPackRequest, encodeUploadPackRequest, type UploadPackRequest } from "./upload-pack-request.ts";

const signal = new AbortController().signal;
const formats = fc.constantFrom<ObjectFormat>("sha1", "sha256");

function ids(format: ObjectFormat): fc.Arbitrary<ObjectId> {
  const length = objectIdLength(format);
  return fc.string({
    unit: fc.constantFrom(..."0123456789abcdef".split("")),
    minLength: length,
    maxLength: length,
  }) as fc.Arbitrary<ObjectId>;
}

function idLists(format: ObjectFormat): fc.Arbitrary<ObjectId[]> {
  return fc.uniqueArray(ids(format), { maxLength: 5 });
}

function fetches(format: ObjectFormat, isRelative: boolean): fc.Arbitrary<FetchRequest> {
  const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
  return fc.record({
    wants: idLists(format),
    haves: idLists(format),
    shallows: idLists(format),
    deepening: fc.record({
      depth: optional(fc.integer({ min: 1 })),
      isRelative: fc.constant(isRelative),
      sinceSeconds: optional(fc.maxSafeNat().map((value) => Math.max(1, value))),
      not: fc.uniqueArray(fc.constantFrom("v1", "refs/heads/main", byteStringOf("größe")), { maxLength: 3 }),
    }),
    filter: optional(fc.constantFrom("blob:none", "tree:1", "combine:tree:1+blob:none").map(parseObjectFilter)),
    isDone: fc.boolean(),
  });
}

const flagNames: readonly FetchFlag[] = ["thin-pack", "no-progress", "include-tag", "ofs-delta", "wait-for-done"];
const fetchesV2 = fc
  .tuple(formats, fc.uniqueArray(fc.constantFrom(...flagNames)), fc.boolean())
  .chain(([format, flags, isRelative]) =>
    fetches(format, isRelative).map((fetch): readonly [ObjectFormat, FetchV2Request] => [
      format,
      { ...fetch, flags: new Set<FetchFlag>(isRelative ? [...flags, "deepen-relative"] : flags), wantRefs: [] },
    ]),
  );

const uploadPackRequests = fc.tuple(formats, fc.boolean(), fc.boolean()).chain(([format, isRelative, hasNegotiation]) =>
  fetches(format, isRelative)
    .filter((fetch) => fetch.wants.length > 0)
    .map((fetch): readonly [ObjectFormat, UploadPackRequest] => {
      const names = ["filter", ...(isRelative ? ["deepen-relative"] : [])].map((name) => ({ name, value: undefined }));
      const capabilities = [{ name: "object-format", value: format }, ...names];
      const negotiation = hasNegotiation ? {} : { haves: [], isDone: false };
      return [format, { ...fetch, ...negotiation, capabilities, hasNegotiation }];
    }),
);

/** Requests that are nearly right: lines of both services in any order, now and then broken. */
const nearlyRequests = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...vocabulary()).map((text) => encodePktLine(text)) },
      { weight: 3, arbitrary: fc.constantFrom("0000", "0001", "0002").map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((bytes) => encodePktLine(bytes)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }) },
    ),
    { maxLength: 14 },
  )
  .map(joinBytes);

function vocabulary(): string[] {
  const [zero, one] = ["0".repeat(40), "1".repeat(40)];
  return [
    ...["command=fetch", "command=ls-refs", "agent=git/2", "object-format=sha1", "peel", "ref-prefix refs/"],
    ...[`want ${one}\n`, `want ${one} filter agent=x\n`, `have ${one}\n`, `shallow ${one}`, "done\n", "deepen 1"],
    ...["filter blob:none", "thin-pack", `${zero} ${one} refs/heads/a\0report-status push-options`],
    ...[`${one} ${zero} refs/heads/b`, `${zero} ${one} nonsense`, "push-cert\0report-status\n", "push-cert-end\n"],
    ...["certificate version 0.1\n", "pusher x\n", "\n", "-----BEGIN PGP SIGNATURE-----\n", "option=value"],
  ];
}

describe("requests", () => {
  it("of protocol v2 round-trip", () => {
    fc.assert(
      fc.property(fetchesV2, ([objectFormat, fetch]) => {
        const options = { objectFormat, features: defaultFetchFeatures };
        const decoded = decodeProtocolV2Request(encodeFetchRequest(fetch, objectFormat), options);
        expect(decoded).toMatchObject({ command: "fetch", fetch });
      }),
    );
  });

  it("of upload-pack round-trip", () => {
    fc.assert(
      fc.property(uploadPackRequests, ([format, request]) => {
        expect(decodeUploadPackRequest(encodeUploadPackRequest(request), format)).toEqual(request);
      }),
    );
  });

  it("give a result or a typed error, and a result is canonical", () => {
    const options = { objectFormat: "sha1", features: defaultFetchFeatures } as const;
    fc.assert(
      fc.property(fc.oneof(nearlyRequests, fc.uint8Array()), (bytes) => {
        const v2 = typed(() => decodeProtocolV2Request(bytes, options));
        if (v2?.command === "fetch")
          expect(decodeProtocolV2Request(encodeFetchRequest(v2.fetch, "sha1"), options)).toMatchObject({
            fetch: v2.fetch,
          });
        const v0 = typed(() => decodeUploadPackRequest(bytes, "sha1"));
        if (v0 !== undefined) expect(decodeUploadPackRequest(encodeUploadPackRequest(v0), "sha1")).toEqual(v0);
      }),
      { numRuns: 2000 },
    );
  });

  it("of receive-pack read the same however the stream is cut, and leave the same rest", async () => {
    await fc.assert(
      fc.asyncProperty(nearlyRequests, fc.uint8Array({ maxLength: 20 }), fc.nat(), async (bytes, pack, cut) => {
        const all = joinBytes([bytes, pack]);
        const whole = await readPush([all]);
        expect(await readPush([all.slice(0, cut % all.length), all.slice(cut % all.length)])).toEqual(whole);
        expect(await readPush(Array.from(all, (byte) => new Uint8Array([byte])))).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });
});

describe("reports", () => {
  const name = fc.constantFrom("refs/heads/a", "refs/tags/v1", "x").map(byteStringOf);
  const rewritten = fc.record(
    { refName: name, oldId: ids("sha1"), newId: ids("sha1"), isForced: fc.constant(true) },
    { requiredKeys: [] },
  );
  const ref = fc.oneof<fc.Arbitrary<RefReport>[]>(
    fc.record({ status: fc.constant("ok"), name }),
    fc.record({
      status: fc.constant("ok"),
      name,
      rewritten: rewritten.filter((value) => Object.keys(value).length > 0),
    }),
    fc.record({ status: fc.constant("ng"), name, reason: fc.constantFrom("no", "funny refname", "größe") }),
  );

  it("round-trip in version 2", () => {
    const report = fc.record({ unpackError: fc.constantFrom(undefined, "index-pack failed"), refs: fc.array(ref) });
    fc.assert(
      fc.property(report, (value: PushReport) => {
        expect(decodeReportStatus(encodeReportStatus(value, 2), "sha1")).toEqual(value);
      }),
    );
  });

  it("decode to a report or a typed error", () => {
    const words = fc.constantFrom(
      "unpack",
      "ok",
      "ng",
      "option",
      "refname",
      "forced-update",
      " ",
      "\n",
      "x",
      "0".repeat(40),
    );
    const line = fc.array(words, { maxLength: 6 }).map((parts) => encodePktLine(parts.join(" ")));
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.constant(encodeFlush())), { maxLength: 8 }), (lines) => {
        typed(() => decodeReportStatus(joinBytes(lines), "sha1"));
      }),
    );
  });
});

function typed<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(GitWireError);
    return undefined;
  }
}

/** The request or the code of its error, and the bytes that follow a request. */
async function readPush(pieces: readonly Uint8Array[]): Promise<unknown> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield* pieces;
  }
  const reader = new PktLineReader(stream());
  try {
    const request = await readReceivePackRequest(reader, "sha1", signal);
    const rest: Uint8Array[] = [];
    for await (const chunk of reader.rest()) rest.push(chunk);
    return { request, rest: joinBytes(rest) };
  } catch (error) {
    if (error instanceof GitWireError) return { code: error.code, data: error.data };
    throw error;
  }
}
