import type { ReactElement } from "react";

import { RelativeTime } from "../components/relative-time.tsx";

/** From so long before its end a credential's expiry is pointed out. */
const soonMs = 7 * 24 * 3600 * 1000;

/** When a token or key ends; its last week stands out. */
export function Expiry({ time }: { readonly time: string | null }): ReactElement {
  if (time === null) return <span>Never expires</span>;
  const isSoon = Date.parse(time) - Date.now() < soonMs;
  return (
    <span className={isSoon ? "label attention" : undefined}>
      Expires <RelativeTime time={time} />
    </span>
  );
}

/** When a token or key was last used at this node. */
export function LastUse({ time }: { readonly time: string | null }): ReactElement {
  if (time === null) return <span>Not used here yet</span>;
  return (
    <span>
      Last used <RelativeTime time={time} />
    </span>
  );
}
