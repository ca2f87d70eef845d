import { scripted } from "./scripted.ts";

/** Nullifies every view as soon as it can and votes for no block: progress must not need it. */
export const nullifyOnly = scripted("nullify-only", (liar) => ({
  onView(view) {
    for (const early of [view, view + 1, view + 2]) liar.broadcastVote(liar.vote("nullify", early));
  },
}));
