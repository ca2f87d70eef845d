/** Whatever the bytes, a name that is accepted keeps the rules of git-check-ref-format, written here a second time. */
import { fromUtf8, parseBranchName, parseRefName, refNameBytesMax, shortRefName } from "@guts/primitives";

export const dictionary = [
  "refs/heads/",
  "refs/tags/",
  "..",
  "@{",
  ".lock",
  "/.",
  "//",
  "@",
  "~",
  "^",
  ":",
  "?",
  "*",
  "[",
  "\\",
  "\x7f",
];

export function fuzz(bytes: Uint8Array): void {
  const text = fromUtf8(bytes);
  if (text === undefined) return;
  const name = parseRefName(text);
  if (name === undefined) return;
  if (name !== text || bytes.length > refNameBytesMax) throw new Error("a name is changed or too long");
  const parts = text.split("/");
  if (parts.length < 3 || parts[0] !== "refs") throw new Error("a name has too few parts");
  for (const part of parts)
    if (part === "" || part.startsWith(".") || part.endsWith(".lock")) throw new Error("a part is wrong");
  for (const byte of bytes) if (byte <= 0x20 || byte === 0x7f) throw new Error("a name holds a control or a space");
  for (const word of ["..", "@{", "~", "^", ":", "?", "*", "[", "\\"])
    if (text.includes(word)) throw new Error("a word is forbidden");
  if (text.endsWith(".")) throw new Error("a name ends in a dot");
  if (name.startsWith("refs/heads/") && !shortRefName(name).startsWith("-") && shortRefName(name) !== "HEAD")
    if (parseBranchName(shortRefName(name)) !== name) throw new Error("a branch does not round-trip");
}
