import { describe, expect, test } from "vitest";

import { createGate } from "./gate.ts";

const { signal } = new AbortController();
const never = () => new Promise<void>(() => {});

describe("a gate", () => {
  test("runs at most so many jobs at a time, the others in their order", async () => {
    const gate = createGate({ activeMax: 2, queueLengthMax: 10 });
    const order: number[] = [];
    const releases: (() => void)[] = [];
    const job = (index: number) =>
      gate.run(signal, () => {
        order.push(index);
        return new Promise<void>((resolve) => releases.push(resolve));
      });
    const jobs = [0, 1, 2, 3].map(job);
    await Promise.resolve();
    expect(order).toEqual([0, 1]);
    for (let index = 0; index < jobs.length; index++) {
      await expect.poll(() => releases[index]).toBeDefined();
      releases[index]?.();
      await jobs[index];
    }
    expect(order).toEqual([0, 1, 2, 3]);
    expect(gate.active).toBe(0);
  });

  test("refuses one job more than may wait", async () => {
    const gate = createGate({ activeMax: 1, queueLengthMax: 1 });
    await gate.enter(signal);
    void gate.enter(signal);
    await expect(gate.enter(signal)).rejects.toMatchObject({ code: "busy" });
  });

  test("lets a client's job wait for another of its own, though places are free", async () => {
    const gate = createGate({ activeMax: 10, queueLengthMax: 10, perClientMax: 2 });
    const first = await gate.enter(signal, "a");
    await gate.enter(signal, "a");
    let hasThird = false;
    const third = gate.enter(signal, "a").then(() => (hasThird = true));
    await gate.enter(signal, "b");
    expect({ hasThird, active: gate.active }).toEqual({ hasThird: false, active: 3 });
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await third;
    expect(gate.active).toBe(3);
  });

  test("refuses one job more than may wait of a client, while others still may", async () => {
    const gate = createGate({ activeMax: 10, queueLengthMax: 2, perClientMax: 1, perClientQueueLengthMax: 1 });
    const first = await gate.enter(signal, "a");
    const second = gate.enter(signal, "a");
    await expect(gate.enter(signal, "a")).rejects.toMatchObject({
      code: "rate-limited",
      data: { retryAfterSeconds: expect.any(Number) },
    });
    await gate.enter(signal, "b");
    void gate.enter(signal, "b");
    await gate.enter(signal, "c");
    await expect(gate.enter(signal, "c")).rejects.toMatchObject({ code: "busy" });
    first[Symbol.dispose]();
    await second;
  });

  test("gives free places to clients in turn, whoever asked for more", async () => {
    const gate = createGate({ activeMax: 1, queueLengthMax: 10 });
    const order: string[] = [];
    let place = await gate.enter(signal, "many");
    const ask = async (client: string, name: string) => {
      place = await gate.enter(signal, client);
      order.push(name);
    };
    const asked = [ask("many", "m1"), ask("many", "m2"), ask("many", "m3"), ask("one", "o1"), ask("two", "t1")];
    for (let served = 0; served < asked.length; served++) {
      place[Symbol.dispose]();
      await expect.poll(() => order.length).toBe(served + 1);
    }
    expect(order).toEqual(["m1", "o1", "t1", "m2", "m3"]);
    place[Symbol.dispose]();
    expect(gate.active).toBe(0);
  });

  test("tells a client that waited too long for its own jobs so", async () => {
    const gate = createGate({ activeMax: 10, queueLengthMax: 10, perClientMax: 1, waitMs: 1 });
    void gate.run(signal, never, "a");
    await expect(gate.enter(signal, "a")).rejects.toMatchObject({ code: "rate-limited" });
    await gate.enter(signal, "b");
  });

  test("gives the place of a job that failed to the next", async () => {
    const gate = createGate({ activeMax: 1, queueLengthMax: 1 });
    await expect(gate.run(signal, () => Promise.reject(new TypeError("no")))).rejects.toThrow("no");
    await gate.run(signal, () => Promise.resolve());
  });

  test("forgets who waits no longer", async () => {
    const gate = createGate({ activeMax: 1, queueLengthMax: 1, perClientMax: 2 });
    void gate.run(signal, never, "a");
    const controller = new AbortController();
    const waiting = gate.enter(controller.signal, "a");
    controller.abort(new TypeError("left"));
    await expect(waiting).rejects.toThrow("left");
    const next = gate.enter(signal, "a");
    await expect(gate.enter(signal, "b")).rejects.toMatchObject({ code: "busy" });
    void next;
  });

  test("tells who waited too long to come back", async () => {
    const gate = createGate({ activeMax: 1, queueLengthMax: 1, waitMs: 1 });
    void gate.run(signal, never);
    await expect(gate.enter(signal)).rejects.toMatchObject({ code: "busy" });
  });
});
