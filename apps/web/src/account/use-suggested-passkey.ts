import type { PasskeySignIn } from "@guts/api";
import { useEffect, useRef } from "react";

import { canSuggestPasskeys, PasskeyError, suggestPasskeys } from "../identity/passkey.ts";

/** A suggestion's challenge is good for five minutes at the node; a page may stay open for longer. */
const renewAfterMs = 240_000;

/** Offers passkeys among the suggestions of the handle's field while the page is open; `stop` ends the offer. */
export function useSuggestedPasskey(onSigned: (signed: PasskeySignIn) => void): { readonly stop: () => void } {
  const latest = useRef(onSigned);
  latest.current = onSigned;
  const offer = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    offer.current = controller;
    void offerUntilAborted(controller.signal, (signed) => latest.current(signed));
    return () => controller.abort();
  }, []);
  return { stop: () => offer.current.abort() };
}

async function offerUntilAborted(signal: AbortSignal, onSigned: (signed: PasskeySignIn) => void): Promise<void> {
  if (!(await canSuggestPasskeys())) return;
  while (!signal.aborted) {
    const renewal = AbortSignal.timeout(renewAfterMs);
    try {
      onSigned(await suggestPasskeys(AbortSignal.any([signal, renewal])));
      return;
    } catch (error) {
      // Nothing was suggested, or it is time for a new challenge. Whoever wants a passkey still has the button.
      if (!(error instanceof PasskeyError) || !renewal.aborted) return;
    }
  }
}
