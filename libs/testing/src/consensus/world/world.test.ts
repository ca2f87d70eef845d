import { describe, expect, test } from "vitest";
import { Random } from "../../random.ts";
import { Scheduler } from "./scheduler.ts";
import { SimulatedJournal } from "./simulated-journal.ts";
import { linkFramesMax, SimulatedNetwork } from "./simulated-network.ts";
import { TraceHash } from "./trace-hash.ts";

const record = (value: number) => Uint8Array.of(value, value, value);

describe("the scheduler", () => {
  test("runs events by time, and those of one time in the order of their scheduling", () => {
    const scheduler = new Scheduler();
    const random = new Random(7);
    const ran: (readonly [number, number])[] = [];
    for (let order = 0; order < 500; order++) {
      const delayMs = random.below(40);
      scheduler.after(delayMs, () => void ran.push([delayMs, order]));
    }
    scheduler.runUntil(100);
    expect(ran).toHaveLength(500);
    expect(ran).toEqual(ran.toSorted(([one, first], [other, second]) => one - other || first - second));
  });

  test("skips what was cancelled, stops at its time, and when it is told that all is done", () => {
    const scheduler = new Scheduler();
    const ran: string[] = [];
    scheduler.after(1, () => void ran.push("cancelled")).cancel();
    scheduler.after(5, () => void ran.push("at 5"));
    scheduler.after(6, () => void ran.push("at 6"));
    scheduler.runUntil(5);
    expect([ran, scheduler.nowMs, scheduler.eventCount]).toEqual([["at 5"], 5, 1]);
    scheduler.after(3, () => void ran.push("at 8"));
    expect(scheduler.runUntil(100, () => ran.length === 2)).toBe(true);
    expect([ran, scheduler.nowMs]).toEqual([["at 5", "at 6"], 6]);
  });
});

describe("the journal", () => {
  test("keeps what was synced over a crash, and of the rest a beginning, in whole records", () => {
    const lengths = new Set<number>();
    for (let seed = 1; seed <= 200; seed++) {
      const journal = new SimulatedJournal(1);
      for (const value of [1, 2]) journal.append(record(value));
      journal.sync();
      for (const value of [3, 4, 5]) journal.append(record(value));
      journal.crash(new Random(seed));
      const left = journal.read();
      expect(left).toEqual([1, 2, 3, 4, 5].slice(0, left.length).map(record));
      expect(journal.unsyncedCount).toBe(0);
      lengths.add(left.length);
    }
    expect(lengths).toEqual(new Set([2, 3, 4, 5]));
  });

  test("comes out of a compaction that was interrupted with the old records, the new ones, or both", () => {
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= 50; seed++) {
      const journal = new SimulatedJournal(1, [record(1), record(2)]);
      journal.crashInCompaction([record(9)], new Random(seed));
      outcomes.add(
        journal
          .read()
          .map(([first]) => first)
          .join(),
      );
    }
    expect([...outcomes].sort()).toEqual(["1,2", "1,2,9", "9"]);
  });
});

describe("the network", () => {
  const arrivalsOf = (weather: Partial<SimulatedNetwork<number>["weather"]>, sendCount: number) => {
    const scheduler = new Scheduler();
    const network = new SimulatedNetwork<number>(scheduler, new Random(3));
    const arrived: (readonly [number, number])[] = [];
    network.attach(0, () => {});
    network.attach(1, () => {});
    network.attach(2, (from, parcel) => void arrived.push([from, parcel]));
    network.weather = { delayMsMin: 1, delayMsMax: 50, lossPerMille: 0, resetPerMille: 0, ...weather };
    const send = (): void => {
      for (let nth = 0; nth < sendCount; nth++) network.send(nth % 2, 2, nth);
    };
    return { scheduler, network, arrived, send };
  };

  test("keeps the order of each stream, and none between streams", () => {
    const { scheduler, arrived, send } = arrivalsOf({}, 100);
    send();
    scheduler.runUntil(1_000);
    for (const stream of [0, 1]) {
      const values = arrived.filter(([from]) => from === stream).map(([, value]) => value);
      expect(values).toHaveLength(50);
      expect(values).toEqual(values.toSorted((one, other) => one - other));
    }
    const all = arrived.map(([, value]) => value);
    expect(all).not.toEqual(all.toSorted((one, other) => one - other));
  });

  test("loses what is on its way when a stream breaks, a host dies or a partition comes between", () => {
    for (const interrupt of ["detach", "partition"] as const) {
      const { scheduler, network, arrived, send } = arrivalsOf({ delayMsMin: 10 }, 10);
      send();
      scheduler.runUntil(5);
      if (interrupt === "detach") network.detach(0);
      else network.partition([0, 1, 1]);
      scheduler.runUntil(1_000);
      expect(new Set(arrived.map(([from]) => from))).toEqual(new Set([1]));
    }
    const { scheduler, arrived, send } = arrivalsOf({ lossPerMille: 200, resetPerMille: 50 }, 200);
    send();
    scheduler.runUntil(5_000);
    expect(arrived.length).toBeGreaterThan(0);
    expect(arrived.length).toBeLessThan(190);
  });

  test("drops what does not fit into a stream", () => {
    const { scheduler, arrived, send } = arrivalsOf({}, 2 * linkFramesMax + 2);
    send();
    scheduler.runUntil(10_000);
    expect(arrived).toHaveLength(2 * linkFramesMax);
  });
});

test("a trace hash tells numbers, texts, bytes and their order apart", () => {
  const digests = [
    (trace: TraceHash) => trace.addNumber(1),
    (trace: TraceHash) => trace.addNumber(2 ** 40),
    (trace: TraceHash) => trace.addText("1"),
    (trace: TraceHash) => trace.addBytes(Uint8Array.of(1)),
    (trace: TraceHash) => [1, 2].forEach((value) => trace.addNumber(value)),
    (trace: TraceHash) => [2, 1].forEach((value) => trace.addNumber(value)),
    () => {},
  ].map((add) => {
    const trace = new TraceHash();
    add(trace);
    return trace.digest();
  });
  expect(new Set(digests).size).toBe(digests.length);
});
