import type { ObjectId } from "@guts/primitives";
import { expect, test } from "vitest";
import { decodeCommit, decodeTag } from "./commit.ts";
import { commitSignature, tagSignature } from "./object-signature.ts";

const sha1 = "1".repeat(40) as ObjectId;
const sha256 = "1".repeat(64) as ObjectId;
const armour = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----";
const folded = armour.replaceAll("\n", "\n ");
const head = `tree ${sha1}\nauthor A <a@x> 1 +0000\ncommitter A <a@x> 1 +0000\n`;
const bytes = (text: string) => Buffer.from(text, "latin1");
const shown = (signature: ReturnType<typeof commitSignature>) =>
  signature && { text: signature.text, payload: Buffer.from(signature.payload!).toString("latin1") };

test("a commit is signed without the header that holds the signature", () => {
  const signed = bytes(`${head}gpgsig ${folded}\nencoding latin1\n\nHei\xdf\n\ngpgsig in the message\n`);
  expect(shown(commitSignature(sha1, signed))).toEqual({
    text: `${armour}\n`,
    payload: `${head}encoding latin1\n\nHei\xdf\n\ngpgsig in the message\n`,
  });
  expect(decodeCommit(sha1, signed)).toMatchObject({ message: "Heiß\n\ngpgsig in the message\n" });
});

test("of the two headers that a commit may have, the one of its object format counts, and neither is signed", () => {
  const both = bytes(`${head}gpgsig first\n line\ngpgsig-sha256 second\n line\n\nmessage\n`);
  expect(shown(commitSignature(sha1, both))).toEqual({ text: "first\nline\n", payload: `${head}\nmessage\n` });
  expect(shown(commitSignature(sha256, both))).toEqual({ text: "second\nline\n", payload: `${head}\nmessage\n` });
  expect(commitSignature(sha256, bytes(`${head}gpgsig x\n\nm\n`))).toBeUndefined();
});

test.each([`${head}\nmessage\n`, `${head}\ngpgsig x\n`, `${head}gpgsigs x\n\nm\n`, ""])("%j is not signed", (text) =>
  expect(commitSignature(sha1, bytes(text))).toBeUndefined(),
);

test("a tag is signed up to its signature, which is the last that begins there", () => {
  const body = `object ${sha1}\ntype commit\ntag v1\ntagger A <a@x> 1 +0000\n`;
  const message = `\nrelease\n${armour}\nand more\n`;
  const signed = bytes(`${body}${message}${armour}\n`);
  expect(shown(tagSignature(signed))).toEqual({ text: `${armour}\n`, payload: `${body}${message}` });
  const other = bytes(`${body}gpgsig-sha256 x\n y\n${message}${armour}\n`);
  expect(shown(tagSignature(other))).toEqual({ text: `${armour}\n`, payload: `${body}${message}` });
  expect(decodeTag(sha1, signed)).toMatchObject({ name: "v1", signature: { text: `${armour}\n` } });
  expect(tagSignature(bytes(`${body}\nrelease\n`))).toBeUndefined();
  expect(tagSignature(bytes(`${body}${armour}\n`))).toBeUndefined();
});
