import type { CertifiedUpdate } from "@guts/ledger";
import type { Height, NodeId, ObjectId, RefName, RepositoryId } from "@guts/primitives";
import { expect, test } from "vitest";
import { HeldPushes, type HeldPush } from "./held-pushes.ts";
import { heldBytesPerNodeMax, heldPushesMax } from "./limits.ts";

const repository = 1 as RepositoryId;
const [ada, bob] = ["a".repeat(64) as NodeId, "b".repeat(64) as NodeId];
const id = (digit: string) => digit.repeat(40) as ObjectId;

function update(name: string, oldId: string, newId: string): CertifiedUpdate {
  const ref = `refs/heads/${name}` as RefName;
  return { name: ref, oldId: id(oldId), newId: id(newId), isFastForward: true, hasMerges: false, newType: "commit" };
}

/** Holds pushes and counts those that were let go. */
function scene() {
  const released: string[] = [];
  const held = new HeldPushes(() => {});
  const hold = (label: string, changes: Partial<HeldPush> = {}): void =>
    held.add({
      repository,
      updates: [update("main", "1", "2")],
      quarantine: {
        packPath: undefined,
        promote: async () => {},
        [Symbol.asyncDispose]: async () => void released.push(label),
      },
      expiresHeight: 100 as Height,
      askedBy: ada,
      bytes: 1,
      ...changes,
    });
  return { held, hold, released };
}

test("a push is let go when all its refs are final", () => {
  const { held, hold, released } = scene();
  hold("one", { updates: [update("main", "1", "2"), update("dev", "1", "2")] });
  held.onProjected(repository, [update("main", "1", "2")]);
  held.onProjected(2 as RepositoryId, [update("dev", "1", "2")]);
  expect(released).toEqual([]);
  held.onProjected(repository, [update("dev", "1", "2")]);
  expect(released).toEqual(["one"]);
  held.onProjected(repository, [update("dev", "1", "2")]);
  expect(released).toEqual(["one"]);
});

test("a push whose ref went elsewhere is let go, one whose ref came to where it starts is not", () => {
  const { held, hold, released } = scene();
  hold("loser");
  hold("next", { updates: [update("main", "3", "4")] });
  held.onProjected(repository, [update("main", "1", "3")]);
  expect(released).toEqual(["loser"]);
});

test("a push that nobody submits is let go when the chain has passed its last height", () => {
  const { held, hold, released } = scene();
  hold("one");
  held.onHeight(100 as Height);
  expect(released).toEqual([]);
  held.onHeight(101 as Height);
  expect(released).toEqual(["one"]);
});

test("a node may have so many bytes held, and all together so many pushes", () => {
  const { held, hold } = scene();
  hold("most", { bytes: heldBytesPerNodeMax - 1 });
  expect([held.hasRoom(ada, 1), held.hasRoom(ada, 2), held.hasRoom(bob, 2)]).toEqual([true, false, true]);
  held.onHeight(101 as Height);
  expect(held.hasRoom(ada, 2)).toBe(true);
  for (let count = 0; count < heldPushesMax - 1; count++) hold(`${count}`, { bytes: 0 });
  expect(held.hasRoom(bob, 0)).toBe(true);
  hold("last", { bytes: 0 });
  expect(held.hasRoom(bob, 0)).toBe(false);
});
