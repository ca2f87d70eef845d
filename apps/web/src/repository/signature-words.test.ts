import { expect, test } from "vitest";

import { signatureWords } from "./signature-words.ts";

const of = (reason: string, signer: string | null) =>
  signatureWords({ reason, signer, format: "ssh", key: "SHA256:x" }, "ada@example.org");

test("only the signature of the address's own account is called verified", () => {
  expect(of("valid", "ada")).toMatchObject({ label: "Verified", tone: "success" });
  const reasons = ["no_user", "bad_email", "unknown_key", "invalid", "expired_key", "unknown_signature_type", "new"];
  for (const reason of reasons)
    for (const signer of ["ada", null]) expect([reason, of(reason, signer).label]).not.toEqual([reason, "Verified"]);
  expect(of("valid", null).label).toBe("Unverified");
});

test("who signed is told where the address is nobody's, and every reason has words of its own", () => {
  expect(of("no_user", "ada")).toMatchObject({ label: "Signed", tone: undefined });
  const reasons = ["bad_email", "no_user", "unknown_key", "invalid", "expired_key", "not_signing_key"];
  const others = ["malformed_signature", "gpgverify_error", "unknown_signature_type"];
  expect(new Set([...reasons, ...others].map((reason) => of(reason, null).text)).size).toBe(9);
});
