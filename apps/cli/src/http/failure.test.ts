import { ApiError } from "@guts/api/client";
import { expect, test } from "vitest";
import { failureOfApi } from "./failure.ts";

const failure = (status: number, body?: Record<string, unknown>) =>
  failureOfApi(
    new ApiError("refused", "refused", {
      method: "GET",
      url: "http://127.0.0.1:3000/api/v3/user",
      status,
      body: body === undefined ? undefined : { message: "", documentation_url: "", ...body },
    }),
  );

test.each([
  [400, "refused", 1],
  [401, "authentication-needed", 4],
  [403, "refused", 1],
  [404, "not-found", 1],
  [409, "refused", 1],
  [422, "refused", 1],
  [429, "refused", 1],
  [500, "unexpected", 1],
  [503, "refused", 1],
])("takes %d for %s, with exit code %d", (status, code, exitCode) => {
  expect(failure(status)).toMatchObject({ code, exitCode });
});

test("says what is wrong with a field rather than that validation failed", () => {
  const message = "name already exists on this account";
  const errors = [
    { field: "name", code: "custom", message },
    { field: "private", code: "missing_field" },
  ];
  expect(failure(422, { message: "Validation Failed", errors }).message).toBe(`${message}; private is missing`);
});

test("does not call an unknown outcome a refusal", () => {
  expect(failure(504, { message: "Not known yet.", code: "outcome-unknown" })).toMatchObject({
    code: "outcome-unknown",
  });
});

test("keeps the node's words about a signature, and its own about a token", () => {
  expect(failure(401, { message: "Bad credentials" }).message).toBe("127.0.0.1:3000 does not accept the token");
  expect(failure(401, { message: "Bad credentials. This token expired on 2026-11-20 at 17:03 UTC." }).message).toBe(
    "127.0.0.1:3000 does not accept the token. This token expired on 2026-11-20 at 17:03 UTC.",
  );
  expect(failure(401, { message: "The signature does not hold." }).message).toContain("signature");
});
