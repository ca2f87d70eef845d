import { expect, test } from "vitest";
import type { Digest } from "@guts/primitives";
import { Scenario, silentProfile, type By, type Person } from "../../test/scenario.ts";
import { contentTable } from "../tables.ts";
import { readRow } from "../table.ts";

function writeBio(scenario: Scenario, person: Person, text: string): Digest {
  const bio = scenario.ledger.offerText(text);
  scenario.mustApply("account.update", { ...silentProfile, bio: { value: bio } }, scenario.root(person));
  return bio.digest;
}

function describeRepository(scenario: Scenario, owner: Person, text: string) {
  const description = scenario.ledger.offerText(text);
  const repository = scenario.repository(owner, undefined, { description });
  return { repository, digest: description.digest };
}

function redact(scenario: Scenario, digests: readonly Digest[], by: By): string {
  return scenario.code("content.redact", { digests, reason: "because" }, by);
}

test("texts are erased by who wrote them, once", () => {
  const scenario = new Scenario();
  const ada = scenario.signUp();
  const digest = writeBio(scenario, ada, "too much");
  expect(redact(scenario, [digest], scenario.token(ada, ["repo"]))).toBe("content-unknown");
  expect(redact(scenario, [digest], scenario.token(ada, ["user"]))).toBe("applied");
  expect(readRow(scenario.ledger.state, contentTable, digest)?.redaction).toMatchObject({
    by: ada.id,
    reason: "because",
  });
  expect(redact(scenario, [digest], scenario.root(ada))).toBe("content-redacted");
});

test("texts of a repository are erased by who administers it, and by no other member", () => {
  const scenario = new Scenario();
  const [ada, bob, eve] = [scenario.signUp(), scenario.signUp(), scenario.signUp()];
  const { repository, digest } = describeRepository(scenario, ada, "a secret");
  scenario.collaborator(ada, repository, bob, "admin");
  scenario.collaborator(ada, repository, eve, "write");
  expect(redact(scenario, [digest], scenario.root(eve))).toBe("content-unknown");
  expect(redact(scenario, [digest], scenario.token(bob, ["public_repo"]))).toBe("content-unknown");
  expect(redact(scenario, [digest], scenario.root(bob))).toBe("applied");
});

test("any text is erased by the network's administrators", () => {
  const scenario = new Scenario();
  const [founder, ada] = [scenario.administrator(), scenario.signUp()];
  const digest = writeBio(scenario, ada, "illegal");
  expect(redact(scenario, [digest], scenario.token(founder, []))).toBe("content-unknown");
  expect(redact(scenario, [digest], scenario.root(founder))).toBe("applied");
});

test("several texts are erased together or not at all", () => {
  const scenario = new Scenario();
  const [ada, eve] = [scenario.signUp(), scenario.signUp()];
  const [mine, hers] = [writeBio(scenario, ada, "mine"), writeBio(scenario, eve, "hers")];
  expect(redact(scenario, [], scenario.root(ada))).toBe("nothing-to-do");
  expect(redact(scenario, [mine, hers], scenario.root(ada))).toBe("content-unknown");
  expect(redact(scenario, [mine, mine], scenario.root(ada))).toBe("content-redacted");
  expect(redact(scenario, [new Uint8Array(32) as Digest], scenario.root(ada))).toBe("content-unknown");
  expect(readRow(scenario.ledger.state, contentTable, mine)?.redaction).toBeUndefined();
  expect(redact(scenario, [mine], scenario.root(ada))).toBe("applied");
});
