import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

/** Links that every page ends with. */
export function AppFooter({ onShowShortcuts }: { readonly onShowShortcuts: () => void }): ReactElement {
  return (
    <footer className="app-footer">
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
