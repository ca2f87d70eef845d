/** Whether a text has what a list is filtered by, without case; everything has nothing. */
export function filterBy(query: string | undefined): (...texts: readonly (string | null)[]) => boolean {
  const wanted = (query ?? "").trim().toLowerCase();
  return (...texts) => texts.some((text) => text?.toLowerCase().includes(wanted) === true);
}

/** The order of handles in lists: without case, by code units. */
export function compareFolded(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : Number(left > right);
}
