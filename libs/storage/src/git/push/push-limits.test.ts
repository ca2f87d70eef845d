import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Client, inPieces, never, repositoryId, testLimits } from "../testing.fixture.ts";
import { Receiver } from "./receiver.fixture.ts";

const receiver = new Receiver();

describe("limits of a push", () => {
  let client: Client;

  beforeEach(async () => {
    client = new Client();
    await receiver.engine.createRepository(repositoryId, "sha1", never());
  });
  afterEach(() => client[Symbol.dispose]());

  test("counts the bytes of the pack: the limit passes, one more does not", async () => {
    const commit = client.commit("one", { "a.txt": "a" });
    const pack = client.pack([commit]);
    const commands = [client.update("refs/heads/main", undefined, commit)];
    const at = { ...testLimits, packBytesMax: pack.length };
    const outcome = await receiver.accept({ commands, pack: inPieces(pack), limits: at });
    await outcome.quarantine[Symbol.asyncDispose]();
    const below = { ...testLimits, packBytesMax: pack.length - 1 };
    expect(await receiver.receive({ commands, pack: inPieces(pack), limits: below })).toMatchObject({
      code: "pack-too-large",
    });
  });

  test("stops reading an endless pack at the limit", async () => {
    let pulled = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield client.pack([client.commit("one")]).subarray(0, 40);
      for (;;) {
        pulled += 65_536;
        yield Buffer.alloc(65_536);
      }
    }
    const limits = { ...testLimits, packBytesMax: 1 << 20 };
    const commands = [client.update("refs/heads/main", undefined, "1".repeat(40))];
    const outcome = await receiver.receive({ commands, pack: endless(), limits });
    expect(outcome.outcome).toBe("rejected");
    expect(pulled).toBeLessThan(2 << 20);
  });

  test("believes the header about the number of objects before it reads any", async () => {
    const commit = client.commit("one", { "a.txt": "a" });
    const commands = [client.update("refs/heads/main", undefined, commit)];
    const pack = client.pack([commit]);
    const limits = { ...testLimits, objectsMax: 2 };
    expect(await receiver.receive({ commands, pack: inPieces(pack), limits })).toMatchObject({
      code: "too-many-objects",
    });
    const outcome = await receiver.accept({ commands, pack: inPieces(pack), limits: { ...limits, objectsMax: 3 } });
    await outcome.quarantine[Symbol.asyncDispose]();
  });

  test("gives up on a client that stalls", async () => {
    async function* stalling(): AsyncGenerator<Uint8Array> {
      yield client.pack([client.commit("one")]).subarray(0, 40);
      await new Promise(() => undefined);
    }
    const commands = [client.update("refs/heads/main", undefined, "1".repeat(40))];
    const limits = { ...testLimits, timeoutMs: 200 };
    expect(await receiver.receive({ commands, pack: stalling(), limits })).toMatchObject({ code: "timeout" });
    expect(receiver.leftovers()).toEqual([]);
  });

  test("ends with the caller's reason when it is aborted, and leaves nothing", async () => {
    const controller = new AbortController();
    async function* interrupted(): AsyncGenerator<Uint8Array> {
      yield client.pack([client.commit("one")]).subarray(0, 40);
      controller.abort(new Error("client went away"));
      await new Promise(() => undefined);
    }
    const commands = [client.update("refs/heads/main", undefined, "1".repeat(40))];
    await expect(receiver.receive({ commands, pack: interrupted(), signal: controller.signal })).rejects.toThrow(
      "client went away",
    );
    expect(receiver.leftovers()).toEqual([]);
  });

  test("passes on the failure of the pack's source, and leaves nothing", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield client.pack([client.commit("one")]).subarray(0, 40);
      throw new Error("connection reset");
    }
    const commands = [client.update("refs/heads/main", undefined, "1".repeat(40))];
    await expect(receiver.receive({ commands, pack: failing() })).rejects.toThrow("connection reset");
    expect(receiver.leftovers()).toEqual([]);
  });
});
