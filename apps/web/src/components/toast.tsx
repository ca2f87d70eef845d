import { AlertIcon } from "@primer/octicons-react/AlertIcon";
import { CheckCircleIcon } from "@primer/octicons-react/CheckCircleIcon";
import { XIcon } from "@primer/octicons-react/XIcon";
import { createContext, useCallback, useContext, useMemo, useState, type ReactElement, type ReactNode } from "react";

import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";

/** How long a message stays; a failure stays until it is closed. */
const toastMs = 6000;
const toastsMax = 3;

interface Toast {
  readonly id: number;
  readonly tone: "success" | "danger";
  readonly text: string;
}

/** Says what became of an action that has no place of its own on the page. */
export interface Toasts {
  readonly succeed: (text: string) => void;
  readonly fail: (text: string) => void;
}

const Context = createContext<Toasts>({ succeed: () => undefined, fail: () => undefined });

/** The messages of the nearest {@link ToastProvider}. */
export function useToasts(): Toasts {
  return useContext(Context);
}

/** Holds and shows messages; screen readers hear them as they come. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (tone: Toast["tone"], text: string) => {
      const id = performance.now();
      setToasts((all) => [...all, { id, tone, text }].slice(-toastsMax));
      if (tone === "success") setTimeout(() => dismiss(id), toastMs);
    },
    [dismiss],
  );
  const value = useMemo<Toasts>(
    () => ({ succeed: (text) => show("success", text), fail: (text) => show("danger", text) }),
    [show],
  );
  return (
    <Context.Provider value={value}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className={classNames("toast", toast.tone === "danger" && "danger")}>
            {toast.tone === "success" ? <CheckCircleIcon /> : <AlertIcon />}
            <span className="grow">{toast.text}</span>
            <Button variant="invisible" small square aria-label="Dismiss" onClick={() => dismiss(toast.id)}>
              <XIcon />
            </Button>
          </div>
        ))}
      </div>
    </Context.Provider>
  );
}
