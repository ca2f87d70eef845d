import { parseRefName, type ObjectId, type RefName } from "@guts/primitives";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteStringOf, toByteString } from "./byte-string.ts";
import { joinBytes } from "./join-bytes.ts";
import type { LsRefsRequest } from "./ls-refs-request.ts";
import { RefAdvertisement, type AdvertisedRef } from "./ref-advertisement.ts";

const main = name("refs/heads/main");

function name(text: string): RefName {
  return parseRefName(text)!;
}

function id(number: number): ObjectId {
  return number.toString(16).padStart(40, "0") as ObjectId;
}

function request(...prefixes: string[]): LsRefsRequest {
  return { peel: true, symrefs: true, unborn: true, refPrefixes: prefixes.map(byteStringOf) };
}

function text(chunks: readonly Uint8Array[]): string {
  return toByteString(joinBytes(chunks));
}

function create(refs: readonly AdvertisedRef[]): RefAdvertisement {
  return new RefAdvertisement({ objectFormat: "sha1", head: { target: main }, refs });
}

/** Enough refs for several pages. */
const many: readonly AdvertisedRef[] = Array.from({ length: 3000 }, (_, index) => ({
  name: name(`refs/heads/branch-${index}`),
  id: id(index),
}));

describe("RefAdvertisement", () => {
  it("moves a ref without touching a reply that was handed out", () => {
    const refs = create(many);
    const before = refs.lsRefs(request());
    const bytesBefore = text(before);
    refs.set({ name: many[7]!.name, id: id(0xabc) });
    expect(text(before)).toBe(bytesBefore);
    expect(text(refs.lsRefs(request()))).toBe(
      bytesBefore.replace(`${id(7)} ${many[7]!.name}`, `${id(0xabc)} ${many[7]!.name}`),
    );
  });

  it("sends long runs without a copy", () => {
    const refs = create(many);
    const [first, second] = [refs.lsRefs(request("refs/heads/")), refs.lsRefs(request("refs/heads/"))];
    const long = first.filter((chunk) => chunk.length > 4096);
    expect(long.length).toBeGreaterThan(3);
    expect(long.every((chunk) => second.some((other) => other.buffer === chunk.buffer))).toBe(true);
  });

  it("answers no HEAD when the prefixes leave it out", () => {
    const refs = create([{ name: main, id: id(1) }]);
    expect(text(refs.lsRefs(request("refs/")))).toBe(`003d${id(1)} refs/heads/main\n0000`);
  });

  it("follows HEAD to its branch as that is born, moves and disappears", () => {
    const refs = create([]);
    expect(refs.head).toEqual({ target: main, id: undefined, peeled: undefined });
    refs.set({ name: main, id: id(1) });
    refs.set({ name: main, id: id(2) });
    expect(refs.head.id).toBe(id(2));
    refs.setHead({ target: name("refs/heads/other") });
    expect(refs.head.id).toBeUndefined();
    refs.delete(main);
    expect([refs.size, refs.first]).toEqual([0, undefined]);
  });

  it("ignores the deletion of a ref that is not there", () => {
    const refs = create(many);
    refs.delete(name("refs/heads/absent"));
    refs.delete(name("refs/zzz/absent"));
    expect(refs.size).toBe(many.length);
  });

  it("refuses to advertise a name twice", () => {
    expect(() => create([many[0]!, many[0]!])).toThrow(expect.objectContaining({ code: "invariant-violated" }));
  });

  it("equals one built anew, after any history of changes and reads", () => {
    const component = fc.constantFrom("a", "b", "a-b", "z", "\uffee", "\u{1f600}", "main");
    const refName = fc
      .tuple(fc.constantFrom("heads", "tags", "x"), component, fc.option(component, { nil: undefined }))
      .map(([kind, first, second]) => name(`refs/${kind}/${first}${second === undefined ? "" : `-${second}`}`));
    const oid = fc.nat(0xffff).map(id);
    const change = fc.oneof(
      fc.record({
        kind: fc.constant("set" as const),
        name: refName,
        id: oid,
        peeled: fc.option(oid, { nil: undefined }),
      }),
      fc.record({ kind: fc.constant("delete" as const), name: refName }),
      fc.record({ kind: fc.constant("read" as const), prefix: fc.constantFrom("", "refs/heads/a", "refs/tags/") }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.boolean(), (changes, peel) => {
        const refs = create([]);
        const model = new Map<RefName, AdvertisedRef>();
        for (const step of changes) {
          if (step.kind === "read") refs.lsRefs({ ...request(step.prefix), peel });
          else if (step.kind === "delete") {
            refs.delete(step.name);
            model.delete(step.name);
          } else {
            refs.set(step);
            model.set(step.name, step);
          }
        }
        const fresh = create([...model.values()]);
        expect(refs.size).toBe(model.size);
        expect(text(refs.lsRefs({ ...request(), peel }))).toBe(text(fresh.lsRefs({ ...request(), peel })));
        expect(text(refs.lines("peeled-line", 0))).toBe(text(fresh.lines("peeled-line", 0)));
        for (const [key, value] of model) expect(refs.get(key)).toBe(value.id);
      }),
    );
  });

  it("stays sorted and complete while pages fill, split and empty", () => {
    const refs = create([]);
    for (const ref of many) refs.set(ref);
    expect(text(refs.lsRefs(request()))).toBe(text(create(many).lsRefs(request())));
    for (const ref of many.slice(10)) refs.delete(ref.name);
    expect(text(refs.lsRefs(request()))).toBe(text(create(many.slice(0, 10)).lsRefs(request())));
  });

  it("selects exactly the refs that begin with a prefix, in order, each once", () => {
    const refs = create(many);
    const prefix = fc.constantFrom(
      "refs/heads/branch-",
      "refs/heads/branch-1",
      "refs/heads/branch-29",
      "refs/",
      "zz",
      "refs/heads/branch-2999",
    );
    fc.assert(
      fc.property(fc.array(prefix, { minLength: 1, maxLength: 6 }), (prefixes) => {
        const expected = many.filter((ref) => prefixes.some((start) => ref.name.startsWith(start)));
        const chunks = refs.lsRefs(request(...prefixes));
        expect(text(chunks)).toBe(text(create(expected).lsRefs(request("refs/"))));
      }),
      { numRuns: 30 },
    );
  });
});
