/**
 * Whether what clients saw of one ref can be explained by compare-and-swaps that happened one after the other, each at some
 * moment between its request and its answer (linearizability). Every swap writes a value that no other writes, so the swaps that
 * took effect must form one chain from the initial value, and the check is exact.
 */

/** One attempt to move the ref from a value to another. Times are of one clock; `end` is infinite when no answer came. */
export interface Swap {
  readonly start: number;
  readonly end: number;
  readonly from: string;
  readonly to: string;
  /** `moved` and `refused` are the answers; `unknown` may have taken effect or not. */
  readonly outcome: "moved" | "refused" | "unknown";
}

/** The reasons why no order of the swaps explains the history; none when one does. */
export function explain(initial: string, final: string, swaps: readonly Swap[]): readonly string[] {
  const problems: string[] = [];
  const chain = chainTo(final, initial, swaps);
  if (chain === undefined) return [`nothing leads from ${initial} to ${final}`];
  const inChain = new Set(chain);
  for (const swap of swaps) {
    if (swap.outcome === "moved" && !inChain.has(swap)) problems.push(`lost: ${describe(swap)} was acknowledged`);
    if (swap.outcome === "refused" && inChain.has(swap)) problems.push(`applied although refused: ${describe(swap)}`);
  }
  for (const [index, earlier] of chain.entries())
    for (const later of chain.slice(index + 1))
      if (later.end < earlier.start) problems.push(`${describe(later)} ended before ${describe(earlier)} began`);
  for (const swap of swaps)
    if (swap.outcome === "refused" && heldThroughout(swap, { initial, final, chain }))
      problems.push(`refused although the value was there all the time: ${describe(swap)}`);
  return problems;
}

/** The swaps that took effect, first to last; undefined when the final value comes from nowhere. */
function chainTo(final: string, initial: string, swaps: readonly Swap[]): readonly Swap[] | undefined {
  const byResult = new Map(swaps.map((swap) => [swap.to, swap]));
  const chain: Swap[] = [];
  for (let value = final; value !== initial;) {
    const swap = byResult.get(value);
    if (swap === undefined || chain.includes(swap)) return undefined;
    chain.unshift(swap);
    value = swap.from;
  }
  return chain;
}

/** Whether `swap.from` was the ref's value from the request to the answer, wherever in their intervals the others took effect. */
function heldThroughout(
  swap: Swap,
  { initial, final, chain }: { readonly initial: string; readonly final: string; readonly chain: readonly Swap[] },
): boolean {
  const writer = chain.find(({ to }) => to === swap.from);
  const successor = chain.find(({ from }) => from === swap.from);
  const wasThere = swap.from === initial || (writer !== undefined && writer.end < swap.start);
  const stayed = swap.from === final || (successor !== undefined && successor.start > swap.end);
  return wasThere && stayed;
}

function describe({ from, to, outcome, start, end }: Swap): string {
  return `${from.slice(0, 7)} to ${to.slice(0, 7)} (${outcome}, ${start.toFixed(0)} to ${end.toFixed(0)} ms)`;
}
