import { useEffect, useState, type ReactElement } from "react";

import { formatAbsoluteTime, formatRelativeTime } from "../text/relative-time.ts";

/** How often shown ages are brought up to date. */
const refreshMs = 30_000;

/** An age that people read at a glance, with the exact moment on hover and for machines. `time` is ISO 8601. */
export function RelativeTime({ time }: { readonly time: string }): ReactElement {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), refreshMs);
    return () => clearInterval(timer);
  }, []);
  const moment = new Date(time);
  return (
    <time dateTime={time} title={formatAbsoluteTime(moment)} className="nowrap">
      {formatRelativeTime(moment, now)}
    </time>
  );
}
