/** Labels: what they may be called and which colours they have. */
import type { Branded } from "@guts/primitives";
import { utf8 } from "@guts/primitives";

/** A label's name, as it is shown. Two names that differ only in the case of ASCII letters are the same. */
export type LabelName = Branded<string, "LabelName">;

/** A label's name in the form under which it is looked up. */
export type FoldedLabelName = Branded<string, "FoldedLabelName">;

/** A colour as GitHub writes it: six lower-case hexadecimal digits. */
export type LabelColor = Branded<string, "LabelColor">;

/** Longest name, in characters (GitHub's limit) and in bytes of UTF-8. */
export const labelNameLengthMax = 50;
export const labelNameBytesMax = 4 * labelNameLengthMax;

/** Parses a name: one line of 1 to 50 characters without a space at its ends. */
export function parseLabelName(text: string): LabelName | undefined {
  const characters = Array.from(text);
  if (characters.length === 0 || characters.length > labelNameLengthMax || /^\s|\s$/.test(text)) return undefined;
  if (utf8(text).length > labelNameBytesMax) return undefined;
  return characters.some((character) => isControl(character.codePointAt(0)!)) ? undefined : (text as LabelName);
}

/** The form under which a name is looked up. Only ASCII is folded, so that no version of Unicode decides. */
export function foldLabelName(name: LabelName): FoldedLabelName {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) as FoldedLabelName;
}

/** Parses a colour: six hexadecimal digits, without `#`. */
export function parseLabelColor(text: string): LabelColor | undefined {
  return /^[0-9A-Fa-f]{6}$/.test(text) ? (text.toLowerCase() as LabelColor) : undefined;
}

function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029;
}
