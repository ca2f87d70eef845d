import { GitEngineError } from "@guts/storage";
import { expect, test } from "vitest";
import { answerOf } from "./error-funnel.ts";

test("asks to come back later while a queue of git's is full", () => {
  const { status, headers } = answerOf(new GitEngineError("busy", "too many wait", { class: "archive" }), "id");
  expect([status, headers]).toEqual([503, { "retry-after": "2" }]);
});

test("says nothing of a failure of ours but the request's id", () => {
  const { status, body } = answerOf(new Error("password=hunter2"), "id-1");
  expect(status).toBe(500);
  expect(body).toMatchObject({ code: "internal", request_id: "id-1" });
  expect(JSON.stringify(body)).not.toContain("hunter2");
});
