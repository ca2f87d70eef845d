import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvariantViolation, toHex } from "@guts/primitives";
import { MemoryState } from "@guts/testing";
import { SortedNames } from "./sorted-names.ts";
import { Overlay, type StateReader } from "./state.ts";

const keys = fc.uint8Array({ maxLength: 3, max: 3 });
const values = fc.uint8Array({ maxLength: 2 });

type Step =
  | { readonly type: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: "delete"; readonly key: Uint8Array }
  | { readonly type: "scan"; readonly from: Uint8Array; readonly to: Uint8Array }
  | { readonly type: "push" | "merge" | "drop" };

const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    { weight: 4, arbitrary: fc.record({ type: fc.constant("put" as const), key: keys, value: values }) } as never,
    { weight: 2, arbitrary: fc.record({ type: fc.constant("delete" as const), key: keys }) } as never,
    { weight: 2, arbitrary: fc.record({ type: fc.constant("scan" as const), from: keys, to: keys }) } as never,
    fc.constantFrom({ type: "push" as const }, { type: "merge" as const }, { type: "drop" as const }),
  ),
  { maxLength: 60 },
);

/** A plain sorted map: what a stack of overlays has to look like. */
class Model implements StateReader {
  readonly rows: ReadonlyMap<string, Uint8Array>;

  constructor(rows: ReadonlyMap<string, Uint8Array>) {
    this.rows = rows;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.rows.get(toHex(key));
  }

  *scan(from: Uint8Array, to: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]> {
    const names = [...this.rows.keys()].filter((name) => name >= toHex(from) && name < toHex(to));
    for (const name of names.toSorted()) yield [Buffer.from(name, "hex"), this.rows.get(name)!];
  }
}

const hexOf = (entries: Iterable<readonly [Uint8Array, Uint8Array]>) =>
  Array.from(entries, ([key, value]) => [toHex(key), toHex(value)]);

describe("stacked overlays", () => {
  test("look like one sorted map", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, values), { maxLength: 20 }), steps, (initial, script) => {
        const base = new MemoryState();
        base.write(
          initial.map(([key, value]) => ({ key, value })),
          [],
        );
        let stack = [new Overlay(base)];
        let models = [new Map<string, Uint8Array>(initial.map(([key, value]) => [toHex(key), value]))];
        for (const step of script) {
          const [top, model] = [stack.at(-1)!, models.at(-1)!];
          if (step.type === "put") {
            top.put(step.key, step.value);
            model.set(toHex(step.key), step.value);
          } else if (step.type === "delete") {
            top.delete(step.key);
            model.delete(toHex(step.key));
          } else if (step.type === "scan") {
            expect(hexOf(top.scan(step.from, step.to))).toEqual(hexOf(new Model(model).scan(step.from, step.to)));
          } else if (step.type === "push") {
            stack = [...stack, new Overlay(top)];
            models = [...models, new Map(model)];
          } else if (stack.length > 1) {
            if (step.type === "merge") top.applyTo(stack.at(-2)!);
            models = step.type === "merge" ? [...models.slice(0, -2), model] : models.slice(0, -1);
            stack = stack.slice(0, -1);
          }
        }
        const [top, model] = [stack.at(-1)!, new Model(models.at(-1)!)];
        const whole = [new Uint8Array(), Uint8Array.of(255)] as const;
        expect(hexOf(top.scan(...whole))).toEqual(hexOf(model.scan(...whole)));
        for (const [key] of initial) expect(top.get(key)).toEqual(model.get(key));
      }),
    );
  });

  test("list their changes by ascending key, deletions too", () => {
    const overlay = new Overlay(new MemoryState());
    overlay.put(Uint8Array.of(2), Uint8Array.of(1));
    overlay.delete(Uint8Array.of(1, 9));
    overlay.put(Uint8Array.of(2), Uint8Array.of(2));
    overlay.put(Uint8Array.of(1), Uint8Array.of(3));
    expect(overlay.changes().map(({ key, value }) => [toHex(key), value?.[0]])).toEqual([
      ["01", 3],
      ["0109", undefined],
      ["02", 2],
    ]);
  });
});

describe("an overlay stops the replica", () => {
  const overlay = () => new Overlay(new MemoryState());

  test("when a key or value is longer than a proof can carry", () => {
    overlay().put(new Uint8Array(512), new Uint8Array(65_536));
    expect(() => overlay().put(new Uint8Array(513), new Uint8Array())).toThrow(InvariantViolation);
    expect(() => overlay().put(new Uint8Array(1), new Uint8Array(65_537))).toThrow(InvariantViolation);
  });

  test("when it is written to while it is scanned", () => {
    const written = overlay();
    for (const byte of [1, 2, 3]) written.put(Uint8Array.of(byte), new Uint8Array());
    const scanAndWrite = () => {
      for (const [key] of written.scan(Uint8Array.of(0), Uint8Array.of(9))) written.put(Uint8Array.of(7, ...key), key);
    };
    expect(scanAndWrite).toThrow(InvariantViolation);
  });
});

test("sorted names stay sorted over many chunks", () => {
  const names = new SortedNames();
  const all = Array.from({ length: 5_000 }, (_, index) => String((index * 7_919) % 5_000).padStart(4, "0"));
  for (const name of all) names.add(name);
  const sorted = all.toSorted();
  expect([...names]).toEqual(sorted);
  expect([...names.range("1000", "1005")]).toEqual(["1000", "1001", "1002", "1003", "1004"]);
  expect([...names.range("4999x", "9")]).toEqual([]);
  expect([...new SortedNames().range("", "z")]).toEqual([]);
});
