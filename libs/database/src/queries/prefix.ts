/** The texts that begin with `prefix`, as a range of bytes: names are ASCII, and no UTF-8 sorts behind U+10FFFF. */
export function prefixBounds(prefix: string): { readonly from: string; readonly to: string } {
  return { from: prefix, to: `${prefix}\u{10ffff}` };
}
