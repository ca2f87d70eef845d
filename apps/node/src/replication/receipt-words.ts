/** Why a push found no quorum, in words for the person who pushed. */
import type { MissingReceipt } from "./receipt-collector.ts";

/** One line: what is missing, that nothing changed, and what to do. */
export function collectionRefusalWords(missing: readonly MissingReceipt[], validatorCount: number): string {
  const refused = missing.filter(({ reason }) => reason === "refused");
  const silent = missing.length - refused.length;
  const parts = [
    ...(silent > 0 ? [`${silent} of ${validatorCount} validators could not be reached`] : []),
    ...(refused.length > 0
      ? [`${refused.length} of ${validatorCount} did not take the objects (${reasonOf(refused[0]!)})`]
      : []),
  ];
  return `${parts.join(" and ")}; the push was not submitted; nothing changed; try again`;
}

function reasonOf(missing: MissingReceipt): string {
  if (missing.reason !== "refused") return missing.reason;
  const { code, detail } = missing;
  const words = code.replaceAll("-", " ");
  // What another node says goes to a terminal: letters and the like only.
  return detail === "" ? words : `${words}: ${detail.replaceAll(/[^\p{L}\p{N} .,:;/_()-]/gu, "?")}`;
}
