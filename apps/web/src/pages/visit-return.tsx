import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, Link, useRouter } from "@tanstack/react-router";
import { useEffect, useRef, type ReactElement } from "react";

import { AuthFrame } from "../account/auth-frame.tsx";
import { enterSession } from "../account/session.ts";
import { takeReturn } from "../account/visit-return.ts";
import { api } from "../api/client.ts";
import { FailureBanner } from "../components/banner.tsx";
import { buttonClass } from "../components/button.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";

export const visitReturnRoute = createLazyRoute("/login/visited")({ component: VisitReturnPage });

/** Where the home node sends the browser back to: takes the code out of the address and signs in with it. */
function VisitReturnPage(): ReactElement {
  const enter = useEnter();
  const hasBegun = useRef(false);
  const { mutate } = enter;
  useEffect(() => {
    if (hasBegun.current) return; // The code is good once.
    hasBegun.current = true;
    const fields = new URLSearchParams(window.location.hash.slice(1));
    // Neither history nor a copied address shall hold it.
    window.history.replaceState(window.history.state, "", window.location.pathname);
    mutate({ code: fields.get("code") ?? "", height: Number(fields.get("height")) });
  }, [mutate]);
  return (
    <AuthFrame title={enter.isError ? "You are not signed in" : "Signing in"}>
      <div className="stack">
        <FailureBanner error={enter.error} />
        {enter.isError ? (
          <Link to="/login/elsewhere" className={buttonClass({ variant: "primary" })}>
            Begin again
          </Link>
        ) : (
          <SkeletonRows count={2} />
        )}
      </div>
    </AuthFrame>
  );
}

interface Given {
  readonly code: string;
  /** The block that has the consent; this node may be a moment behind. */
  readonly height: number;
}

function useEnter() {
  const cache = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: ({ code, height }: Given) =>
      api.call("POST /api/guts/signin/visit", {
        body: { code },
        ...(Number.isSafeInteger(height) && height > 0 ? { minHeight: height } : {}),
      }),
    onSuccess: async () => {
      await enterSession(cache);
      router.history.replace(takeReturn());
    },
  });
}
