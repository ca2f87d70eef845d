import { Link, useRouterState } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { classNames } from "../components/class-names.ts";

/** Links that every page ends with. */
export function AppFooter({ onShowShortcuts }: { readonly onShowShortcuts: () => void }): ReactElement {
  // Before the first page is there the footer would stand high up and jump down when it comes.
  const isEarly = useRouterState({ select: (state) => state.resolvedLocation === undefined });
  return (
    <footer className={classNames("app-footer", isEarly && "early")}>
      <ul>
        <li>
          <Link to="/status">Network status</Link>
        </li>
        <li>
          <a href="/api/docs">API</a>
        </li>
        <li>
          <button type="button" className="link-button" onClick={onShowShortcuts}>
            Keyboard shortcuts
          </button>
        </li>
      </ul>
    </footer>
  );
}
