import { MessageChannel } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { RemoteFailure, ThreadPort } from "./thread-port.ts";

interface Asks {
  readonly calls: { readonly double: { readonly takes: number; readonly gives: number } };
  readonly notices: { readonly said: string };
}
interface Says {
  readonly calls: { readonly nothing: { readonly takes: undefined; readonly gives: undefined } };
  readonly notices: { readonly nothing: undefined };
}

const channels: MessageChannel[] = [];

function pair(): readonly [ThreadPort<Asks, Says>, ThreadPort<Says, Asks>] {
  const channel = new MessageChannel();
  channels.push(channel);
  return [new ThreadPort(channel.port1), new ThreadPort(channel.port2)];
}

afterEach(() => {
  for (const { port1 } of channels.splice(0)) port1.close();
});

test("a call is answered", async () => {
  const [asking, answering] = pair();
  answering.serve("double", (value) => 2 * value);
  expect(await Promise.all([asking.call("double", 2), asking.call("double", 21)])).toEqual([4, 42]);
});

test("a failure keeps its message and code", async () => {
  const [asking, answering] = pair();
  answering.serve("double", () => {
    throw Object.assign(new Error("no numbers today"), { code: "closed" });
  });
  const failure = await asking.call("double", 1).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RemoteFailure);
  expect(failure).toMatchObject({ message: "no numbers today", code: "closed" });
});

test("an abort reaches the other side and ends the wait", async () => {
  const [asking, answering] = pair();
  const heard = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  answering.serve("double", async (_value, signal) => {
    signal.addEventListener("abort", () => heard.resolve());
    started.resolve();
    return new Promise<number>(() => undefined);
  });
  const controller = new AbortController();
  const call = asking.call("double", 1, controller.signal);
  await started.promise;
  controller.abort(new Error("changed my mind"));
  await expect(call).rejects.toThrow("changed my mind");
  await heard.promise;
});

test("notices arrive in order", async () => {
  const [telling, hearing] = pair();
  const heard: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  hearing.hear("said", (text) => {
    if (heard.push(text) === 3) resolve();
  });
  for (const text of ["a", "b", "c"]) telling.notify("said", text);
  await promise;
  expect(heard).toEqual(["a", "b", "c"]);
});

test("when the other side is gone, waiting calls fail", async () => {
  const [asking, answering] = pair();
  answering.serve("double", () => new Promise<number>(() => undefined));
  const call = asking.call("double", 1);
  asking.fail(new Error("it ended"));
  await expect(call).rejects.toThrow("it ended");
  await expect(asking.call("double", 1)).rejects.toThrow("it ended");
});
