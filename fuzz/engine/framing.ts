import { encodePktLine, joinBytes } from "@guts/git";

/**
 * pkt-lines from bytes that mutations do not break so easily.
 *
 * An input that begins with `#` is a text: each of its lines becomes a pkt-line with its LF, and the lines `0000`, `0001`
 * and `0002` stand for themselves. After `%` the pkt-lines carry no LF. After `-- ` on a line of its own the rest follows
 * as it is, which is where a pack goes. Any other input is taken as it is, so that broken lengths are tried too.
 */
export function frame(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  if (!text.startsWith("#") && !text.startsWith("%")) return bytes;
  const [lines = "", ...rest] = text.slice(1).split("\n-- \n");
  const end = text.startsWith("#") ? "\n" : "";
  const framed = lines
    .split("\n")
    .map((line) => (/^000[0-2]$/.test(line) ? line : encodePktLine(Buffer.from(line + end, "latin1"))));
  return joinBytes(
    [...framed, rest.join("\n-- \n")].map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)),
  );
}

/** Whether two values print the same; for values made of plain data, sets and byte arrays. */
export function isSame(left: unknown, right: unknown): boolean {
  return print(left) === print(right);
}

function print(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString("latin1");
    return inner instanceof Set ? [...inner] : inner;
  });
}
