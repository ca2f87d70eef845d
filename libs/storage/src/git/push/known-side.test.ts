import { expect, test } from "vitest";
import type { ObjectId } from "@guts/primitives";
import { Client, inPieces, never, repositoryId, TestEngine, testLimits } from "../testing.fixture.ts";

const elsewhere = "ab".repeat(20) as ObjectId;

test("a tip whose objects are still on their way from another node does not stop a push that builds on others", async () => {
  await using engine = await TestEngine.open();
  await engine.engine.createRepository(repositoryId, "sha1", never());
  using client = new Client();
  const first = client.commit("one", { a: "1" });
  await engine.push(client, [client.update("refs/heads/main", undefined, first)]);
  const second = client.commit("two", { a: "2" });
  const receive = async (name: string, oldId: ObjectId | undefined, tips: readonly ObjectId[]) => {
    const commands = [client.update(name, oldId, second)];
    const pack = inPieces(client.pack([second], [first]));
    const options = { commands, pack, tips, limits: testLimits, signal: never() };
    const outcome = await engine.engine.receivePack(repositoryId, options);
    if (outcome.outcome === "rejected") return outcome.code;
    await outcome.quarantine[Symbol.asyncDispose]();
    return outcome.facts[0]!.isFastForward;
  };
  expect(await receive("refs/heads/dev", undefined, [first, elsewhere])).toBe(false);
  expect(await receive("refs/heads/main", first, [first, elsewhere])).toBe(true);
  // What the push itself builds on must be here.
  expect(await receive("refs/heads/main", elsewhere, [elsewhere])).toBe("missing-objects");
});
