import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromBase64, toBase64 } from "./base64.ts";
import { concatBytes, utf8 } from "./bytes.ts";
import { parsePrivateSeed, publicKeyOf, signMessage } from "./signature.ts";
import { parseSshPublicKey } from "./ssh-public-key.ts";
import {
  armourSshSignature,
  parseSshSignature,
  sshSignatureLengthMax,
  sshSignedBytes,
  verifySshSignature,
  type SshHash,
  type SshSignature,
} from "./ssh-signature.ts";

const message = utf8("certificate version 0.1\n");
const seed = parsePrivateSeed(new Uint8Array(32).fill(3))!;

function sign(hash: SshHash = "sha512", namespace = "git"): SshSignature {
  return {
    key: publicKeyOf(seed),
    namespace,
    hash,
    signature: signMessage(seed, sshSignedBytes(namespace, message, hash)),
  };
}

describe("a signature by OpenSSH", () => {
  let folder: string;
  const run = (program: string, args: readonly string[], input?: Uint8Array) =>
    execFileSync(program, args, { cwd: folder, input, stdio: ["pipe", "pipe", "pipe"] }).toString();
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "guts-sshsig-"));
    for (const type of ["ed25519", "ecdsa"])
      run("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "", "-f", join(folder, type)]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(["sha256", "sha512"] as const)("over %s is read and holds", (hash) => {
    const armoured = run(
      "ssh-keygen",
      ["-q", "-Y", "sign", "-n", "git", "-O", `hashalg=${hash}`, "-f", "ed25519"],
      message,
    );
    const signature = parseSshSignature(armoured) as SshSignature;
    const [, base64] = readFileSync(join(folder, "ed25519.pub"), "utf8").split(" ");
    expect(parseSshPublicKey(fromBase64(base64!.trim())!)).toMatchObject({ key: signature.key });
    expect(signature).toMatchObject({ namespace: "git", hash });
    expect(verifySshSignature(signature, "git", message)).toBe(true);
    expect(verifySshSignature(signature, "file", message)).toBe(false);
    expect(verifySshSignature(signature, "git", utf8("something else"))).toBe(false);
    expect(armourSshSignature(signature)).toBe(armoured);
  });

  test("by a key of another type is unsupported", () => {
    const armoured = run("ssh-keygen", ["-q", "-Y", "sign", "-n", "git", "-f", "ecdsa"], message);
    expect(parseSshSignature(armoured)).toBe("unsupported");
  });

  test("is verified by ssh-keygen when we made it", () => {
    const signature = sign("sha256");
    writeFileSync(join(folder, "message.sig"), armourSshSignature(signature));
    const said = run("ssh-keygen", ["-Y", "check-novalidate", "-n", "git", "-s", "message.sig"], message);
    expect(said).toContain("Good");
  });
});

describe("what is no signature is refused:", () => {
  const armoured = armourSshSignature(sign());
  const blob = fromBase64(armoured.split("\n").slice(1, -2).join(""))!;
  const armour = (bytes: Uint8Array) =>
    `-----BEGIN SSH SIGNATURE-----\n${toBase64(bytes)}\n-----END SSH SIGNATURE-----\n`;
  const changed = (at: number, byte: number) => armour(blob.with(at, byte));
  const field = (text: string) => concatBytes(Uint8Array.of(0, 0, 0, text.length), utf8(text));
  /** Offsets: magic 0, version 6, key 10, namespace 65, reserved 72, hash 76, signature 86. */
  const parts = { head: blob.subarray(0, 65), afterNamespace: blob.subarray(72), signature: blob.subarray(86) };

  test("the offsets that the cases count on are right", () => {
    expect(parseSshSignature(armour(blob))).toMatchObject({ namespace: "git" });
    const rebuilt = concatBytes(parts.head, field("git"), parts.afterNamespace);
    expect(rebuilt).toEqual(blob);
  });

  test.each<[string, string, "malformed" | "unsupported"]>([
    ["nothing", "", "malformed"],
    ["no armour", toBase64(blob), "malformed"],
    ["another armour", armoured.replaceAll("SSH", "PGP"), "malformed"],
    ["no end", armoured.replace(/-----END.*/, ""), "malformed"],
    ["something in front", `\n${armoured}`, "malformed"],
    ["something behind", `${armoured}x`, "malformed"],
    ["two signatures", armoured + armoured, "malformed"],
    ["spaces", armoured.replace("\n", " \n"), "malformed"],
    ["no base64", armoured.replace(/^(.{40})./m, "$1!"), "malformed"],
    ["too long", armoured.replace("\n", `\n${"A".repeat(sshSignatureLengthMax)}`), "malformed"],
    ["another magic", changed(0, 0x73), "malformed"],
    ["another version", changed(9, 2), "unsupported"],
    ["a length beyond the end", changed(13, 0xff), "malformed"],
    ["a byte behind", armour(concatBytes(blob, Uint8Array.of(0))), "malformed"],
    ["a byte missing", armour(blob.subarray(0, -1)), "malformed"],
    ["no namespace", armour(concatBytes(parts.head, field(""), parts.afterNamespace)), "malformed"],
    ["a reserved field", armour(concatBytes(parts.head, field("git"), field("x"), blob.subarray(76))), "malformed"],
    [
      "an unknown hash",
      armour(concatBytes(parts.head, field("git"), field(""), field("sha1"), parts.signature)),
      "unsupported",
    ],
    ["a signature of another type", changed(94 + 4, 0x78), "malformed"],
  ])("%s", (_what, text, refusal) => expect(parseSshSignature(text)).toBe(refusal));
});

describe("base64", () => {
  test.each([0, 1, 2, 3, 4, 31, 32, 33])("of %i bytes is Node's, and is read back", (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 89) & 255);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  });

  test.each(["A", "AA", "AAA", "AA=A", "====", "AB==", "AAB=", "A A=", "AA==\n", "AA=="[0] + "-=="])(
    "%j is none",
    (text) => expect(fromBase64(text)).toBeUndefined(),
  );
});
