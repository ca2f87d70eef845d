import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ObjectFormat } from "@guts/primitives";
import { Client, inPieces, never, repositoryId } from "../testing.fixture.ts";
import { Receiver } from "./receiver.fixture.ts";

const receiver = new Receiver();

describe("a stored repository", () => {
  test.each<ObjectFormat>(["sha1", "sha256"])("is what git makes itself for %s", async (format) => {
    await receiver.engine.createRepository(repositoryId, format, never());
    await receiver.engine.createRepository(repositoryId, format, never());
    expect(receiver.git("rev-parse", "--show-object-format", "--is-bare-repository")).toBe(`${format}\ntrue`);
    expect(receiver.git("fsck")).toBe("");
    expect(existsSync(join(receiver.path, "hooks"))).toBe(false);
    expect(statSync(receiver.path).mode & 0o777).toBe(0o700);
    await receiver.engine.deleteRepository(repositoryId, never());
    await receiver.engine.deleteRepository(repositoryId, never());
    expect(existsSync(receiver.path)).toBe(false);
    const commands = [{ name: "refs/heads/x", oldId: "0".repeat(40), newId: "0".repeat(40) }];
    await expect(receiver.receive({ commands: commands as never })).rejects.toMatchObject({
      code: "repository-missing",
    });
  });
});

describe("the engine after a crash", () => {
  test("sweeps quarantines and locks, and remembers promotions that nobody finished", async () => {
    using client = new Client();
    await receiver.engine.createRepository(repositoryId, "sha1", never());
    const commit = client.commit("one");
    const outcome = await receiver.accept({
      commands: [client.update("refs/heads/main", undefined, commit)],
      pack: inPieces(client.pack([commit])),
    });
    expect(receiver.leftovers()).toHaveLength(1);
    await receiver.engine.sweep();
    expect(receiver.leftovers()).toEqual([]);
    expect(existsSync(join(receiver.path, "guts-may-hold-unreachable"))).toBe(false);
    await outcome.quarantine[Symbol.asyncDispose]();
    const second = await receiver.accept({
      commands: [client.update("refs/heads/main", undefined, commit)],
      pack: inPieces(client.pack([commit])),
    });
    await second.quarantine.promote(never());
    await receiver.engine.sweep();
    expect(receiver.leftovers()).toEqual([]);
    expect(existsSync(join(receiver.path, "guts-may-hold-unreachable"))).toBe(true);
  });
});
