import type { ReactElement } from "react";

/** A link only when it leads to the web; anyone may write anything into their profile. */
export function Website({ url }: { readonly url: string }): ReactElement {
  const isWeb = /^https?:\/\//i.test(url);
  return isWeb ? (
    <a href={url} rel="nofollow noreferrer">
      {url}
    </a>
  ) : (
    <span>{url}</span>
  );
}
