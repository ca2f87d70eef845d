import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef, type MouseEvent, type ReactElement } from "react";

/**
 * A document that the node has rendered and sanitized. The element itself is trusted only as far as the node's
 * sanitizer and the content security policy of this page, which runs no inline script or style whatever it contains.
 */
export function Markdown({ html }: { readonly html: string }): ReactElement {
  const router = useRouter();
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const target = findAnchor(element.current, decodeURIComponent(window.location.hash.slice(1)));
    target?.scrollIntoView();
    // What scrolls inside must be reachable without a mouse.
    for (const wide of element.current?.querySelectorAll<HTMLElement>("pre, table") ?? []) {
      if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    }
  }, [html]);
  const onClick = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || !isPlainClick(event) || link.origin !== window.location.origin) return;
    if (link.hash !== "" && link.pathname === window.location.pathname) {
      const name = decodeURIComponent(link.hash.slice(1)).replace(anchorPrefix, "");
      const target = findAnchor(element.current, name);
      if (target === undefined) return;
      event.preventDefault();
      window.history.replaceState(window.history.state, "", `#${encodeURIComponent(name)}`);
      target.scrollIntoView();
      return;
    }
    if (!/^\/[^/]+\/[^/]+\/(blob|tree|commit|commits)\//.test(link.pathname)) return;
    event.preventDefault();
    router.history.push(link.pathname + link.search + link.hash);
  };
  // oxlint-disable-next-line react/no-danger -- sanitized by the node, see above
  return <div ref={element} className="markdown" onClick={onClick} dangerouslySetInnerHTML={{ __html: html }} />;
}

/** What the node puts before every id, so that a document cannot take the name of something on this page. */
const anchorPrefix = /^user-content-/;

function findAnchor(root: HTMLElement | null, name: string): Element | undefined {
  if (root === null || name === "") return undefined;
  return Array.from(root.querySelectorAll("[id]")).find(
    (element) => element.id === name || element.id === `user-content-${name}`,
  );
}

function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
