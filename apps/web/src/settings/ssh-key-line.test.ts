import { describe, expect, test } from "vitest";

import { fingerprintOfLine, previewSshKey } from "./ssh-key-line.ts";

const line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";

describe("the preview of an SSH key", () => {
  test("shows the fingerprint that ssh-keygen shows, and the comment", () => {
    const fingerprint = "SHA256:gNSIRW+2Iyiuvsdp/bgjy38bvWHw6wQm3tuoXrl3WjQ";
    expect(previewSshKey(`${line} me at home`)).toEqual({ kind: "Ed25519", fingerprint, comment: "me at home" });
    expect(fingerprintOfLine(line)).toBe(fingerprint);
  });

  test.each([
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----", /private key/],
    ["half a key", line.slice(0, 60), /no whole public key/],
    ["a key of another type than it says", line.replace("ssh-ed25519 ", "ssh-rsa "), /no whole public key/],
    ["two lines", `${line}\n${line}`, /no whole public key/],
    ["no base64", "ssh-ed25519 !!!!", /no whole public key/],
  ])("says what is wrong with %s", (_what, text, problem) => {
    expect(previewSshKey(text)).toMatchObject({ problem: expect.stringMatching(problem) as string });
  });
});
