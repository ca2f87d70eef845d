import type { Random } from "./random.ts";

/** Texts that the ledger admits and that careless code stumbles over. None holds U+0000 or a lone surrogate. */
export const hostileTexts: readonly [string, ...string[]] = [
  "",
  " ",
  "plain",
  "\u{feff}begins with a byte order mark",
  "e\u0301 is not \u00e9 to bytes",
  "\u00e9 is not e\u0301 to bytes",
  "İstanbul ıssız",
  "straße STRASSE",
  "\u202eright to left\u202c",
  "👩‍👩‍👧‍👦🏳️‍🌈",
  "\u{10ffff}\u{ffff}\u{fffe}",
  "\u0001\u0007\u001b[31m\u007f\u0085",
  "two\r\nlines\tand a tab",
  `'; drop table accounts; --`,
  `\\x00 \\' "" $1 $$ {} {"a":null} NULL`,
  "%_\\%",
  "<script>alert(1)</script>&amp;",
  "ẞ̣̇ͫ͝".repeat(20),
  "\u2028\u2029\u200b\u00ad",
  "zażółć gęślą jaźń",
  "漢字かな交じり文",
];

/** One of them, alone or with a number that makes it differ, of at most `bytesMax` bytes of UTF-8. */
export function hostileText(random: Random, bytesMax: number): string {
  let text = random.pick(hostileTexts);
  if (random.oneIn(3)) text += `#${random.below(1000)}`;
  if (random.oneIn(10)) text = text.repeat(1 + random.below(40));
  const characters = Array.from(text);
  while (Buffer.byteLength(characters.join("")) > bytesMax) characters.length >>= 1;
  return characters.join("");
}
