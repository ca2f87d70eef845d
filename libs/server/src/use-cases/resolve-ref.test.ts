import { type ObjectId } from "@guts/primitives";
import { describe, expect, test } from "vitest";

import { abbreviationCandidatesMax } from "../limits.ts";
import type { OpenedRepository } from "./open-repository.ts";
import { requireCommitId } from "./resolve-ref.ts";

const { signal } = new AbortController();
const idOf = (text: string) => text.padEnd(40, "0") as ObjectId;
const opened = { state: {}, repository: { id: 1, objectFormat: "sha1" } } as OpenedRepository;

/** What an abbreviation becomes where git has these commits and refs reach those. */
function resolve(idText: string, stored: readonly ObjectId[], reachable: readonly ObjectId[]) {
  const commitsStartingWith = async (_id: number, { prefix }: { prefix: string }) =>
    stored.filter((id) => id.startsWith(prefix));
  const isReachable = async (_state: unknown, _repository: unknown, id: ObjectId) => reachable.includes(id);
  const needs = { git: { commitsStartingWith }, reachability: { isReachable } } as unknown as Parameters<
    typeof requireCommitId
  >[0];
  return requireCommitId(needs, opened, { idText, signal });
}

describe("a commit's id", () => {
  const [one, two, three] = [idOf("abcd1"), idOf("abcd2"), idOf("ef01")];

  test("may be abbreviated, in either case, as long as it stands for one commit", async () => {
    expect(await resolve("ABCD1", [one, two, three], [one, two, three])).toBe(one);
    expect(await resolve("ef01", [one, two, three], [one, two, three])).toBe(three);
    expect(await resolve(one, [one], [one])).toBe(one);
  });

  test("that stands for several is refused in words", async () => {
    await expect(resolve("abcd", [one, two], [one, two])).rejects.toMatchObject({
      code: "invalid",
      data: { reason: "ambiguous-id" },
    });
  });

  test("is looked for among reachable commits alone", async () => {
    expect(await resolve("abcd", [one, two], [two])).toBe(two);
    await expect(resolve("abcd1", [one, two], [two])).rejects.toMatchObject({ code: "not-found" });
    await expect(resolve(one, [one], [])).rejects.toMatchObject({ code: "not-found" });
    await expect(resolve("0123", [one], [one])).rejects.toMatchObject({ code: "not-found" });
  });

  test("costs a bounded number of looks", async () => {
    const many = Array.from({ length: abbreviationCandidatesMax + 1 }, (_, index) =>
      idOf(`abcd${index.toString(16).padStart(2, "0")}`),
    );
    await expect(resolve("abcd", many, [many[0]!])).rejects.toMatchObject({ data: { reason: "ambiguous-id" } });
    expect(await resolve("abcd", many.slice(1), [many[1]!])).toBe(many[1]);
  });
});
