import { DrizzleQueryError } from "drizzle-orm/errors";
import { expect, test } from "vitest";
import { DatabaseError } from "../database-error.ts";
import { classified, dataFailureOf, isSerializationFailure } from "./failures.ts";

const failing = (code: string): Error => Object.assign(new Error("refused"), { code });

test.each([
  ["ECONNREFUSED", "unavailable", true],
  ["CONNECTION_CLOSED", "unavailable", true],
  ["08006", "unavailable", true],
  ["53300", "unavailable", true],
  ["57P01", "unavailable", true],
  ["28P01", "unavailable", true],
  ["57014", "timeout", true],
  ["40001", "busy", true],
  ["42P01", "query-failed", false],
  ["23505", "query-failed", false],
])("%s is %s", (code, expected, isRetryable) => {
  const error = classified(failing(code));
  expect(error).toMatchObject({ code: expected, isRetryable, data: { sqlState: code } });
});

test("finds the code below the query that drizzle wraps around it", () => {
  const wrapped = new DrizzleQueryError("select 1", [], failing("40P01"));
  expect(isSerializationFailure(wrapped)).toBe(true);
  expect(classified(wrapped)).toMatchObject({ code: "busy", message: "refused" });
});

test("tells a row that will never fit from a database that does not work", () => {
  expect(dataFailureOf(failing("22021"))).toBe("22021");
  expect(dataFailureOf(failing("23502"))).toBe("23502");
  expect(dataFailureOf(failing("54000"))).toBe("54000");
  expect(dataFailureOf(failing("53100"))).toBeUndefined();
  expect(dataFailureOf(new Error("no code"))).toBeUndefined();
});

test("leaves its own errors as they are", () => {
  const own = new DatabaseError("in-use", "another node");
  expect(classified(own)).toBe(own);
});
