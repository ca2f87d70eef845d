import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState, type ReactElement } from "react";

import { useShortcuts } from "../keyboard/shortcuts.tsx";
import { AppFooter } from "./app-footer.tsx";
import { AppHeader } from "./app-header.tsx";

const JumpDialog = lazy(() => import("./jump-dialog.tsx").then((module) => ({ default: module.JumpDialog })));
const HelpSheet = lazy(() => import("../keyboard/help-sheet.tsx").then((module) => ({ default: module.HelpSheet })));

/** The frame around every page: header, the page, footer, and the dialogs that open from anywhere. */
export function Shell(): ReactElement {
  const [open, setOpen] = useState<"jump" | "help">();
  const navigate = useNavigate();
  useShortcuts([
    { keys: "?", label: "Show this list", group: "Everywhere", run: () => setOpen("help") },
    { keys: "/", label: "Jump to a repository", group: "Everywhere", run: () => setOpen("jump") },
    { keys: "s", label: "Jump to a repository", group: "Everywhere", run: () => setOpen("jump") },
    { keys: "g h", label: "Go to your home page", group: "Everywhere", run: () => void navigate({ to: "/" }) },
    {
      keys: "g n",
      label: "Go to the network's status",
      group: "Everywhere",
      run: () => void navigate({ to: "/status" }),
    },
  ]);
  const close = (): void => setOpen(undefined);
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <NavigationProgress />
      <AppHeader onJump={() => setOpen("jump")} />
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <AppFooter onShowShortcuts={() => setOpen("help")} />
      <Suspense>
        {open === "jump" ? <JumpDialog onClose={close} /> : null}
        {open === "help" ? <HelpSheet onClose={close} /> : null}
      </Suspense>
    </>
  );
}

/** A line at the top while the next page is on its way, and its title for screen readers once it is there. */
function NavigationProgress(): ReactElement {
  const isPending = useRouterState({ select: (state) => state.status === "pending" });
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const [announcement, setAnnouncement] = useState("");
  useEffect(() => {
    if (path === undefined) return undefined;
    // The page's <title> is set in the same commit; the next frame has it.
    const frame = requestAnimationFrame(() => setAnnouncement(document.title));
    return () => cancelAnimationFrame(frame);
  }, [path]);
  return (
    <>
      {isPending ? <div className="progress-line" /> : null}
      <div className="visually-hidden" role="status">
        {announcement}
      </div>
    </>
  );
}
