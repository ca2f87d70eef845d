import { expect, test } from "vitest";

import { findMismatches, type ReceivedAnswer } from "./github-shapes.fixture.ts";

const answer = (changes: Partial<ReceivedAnswer> & { json?: unknown }): ReceivedAnswer => ({
  method: "GET",
  path: "/api/v3/repos/ada/notes/tags",
  status: 200,
  contentType: "application/json; charset=utf-8",
  body: Buffer.from(changes.json === undefined ? "" : JSON.stringify(changes.json)),
  ...changes,
});
const tag = {
  name: "v1",
  commit: { sha: "1".repeat(40), url: "http://node.example/c" },
  zipball_url: "http://node.example/z",
  tarball_url: "http://node.example/t",
  node_id: "x",
};

test("an answer as GitHub describes it is right", () => {
  expect(findMismatches(answer({ json: [tag] }))).toEqual([]);
});

test("a missing field, a wrong type, an unknown status and an unwanted body are found", () => {
  const { name: _, ...nameless } = tag;
  expect(findMismatches(answer({ json: [nameless] }))).toEqual([expect.stringContaining("'name'")]);
  expect(findMismatches(answer({ json: [{ ...tag, node_id: 1 }] }))).toEqual([expect.stringContaining("/0/node_id")]);
  expect(findMismatches(answer({ status: 206, json: [tag] }))).toEqual([expect.stringContaining("206")]);
  const gone = { method: "DELETE", path: "/api/v3/repos/ada/notes", status: 204 };
  expect(findMismatches(answer({ ...gone }))).toEqual([]);
  expect(findMismatches(answer({ ...gone, json: {} }))).toEqual([expect.stringContaining("body")]);
});

test("what GitHub does not have is not judged", () => {
  expect(findMismatches(answer({ path: "/api/guts/blocks", json: {} }))).toEqual([]);
  expect(findMismatches(answer({ status: 451, json: {} }))).toEqual([]);
});
