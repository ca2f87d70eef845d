import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from "react";

import { advanceSequence, type KeySequence } from "./sequence.ts";

/** A key sequence that does something on the present page. */
export interface Shortcut {
  readonly keys: KeySequence;
  /** What it does, for the help sheet. */
  readonly label: string;
  readonly group: "Everywhere" | "Organization" | "Repository" | "File";
  readonly run: () => void;
}

/** How long the next key of a sequence may take. */
const sequenceMs = 1500;

const Context = createContext<ShortcutRegistry | undefined>(undefined);

/** Listens for keys outside of text fields and runs what the mounted components have bound to them. */
export function ShortcutProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const [registry] = useState(() => new ShortcutRegistry());
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => registry.onKeyDown(event);
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [registry]);
  return <Context.Provider value={registry}>{children}</Context.Provider>;
}

/** Binds shortcuts for as long as the component is on the page. The latest functions are the ones that run. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const registry = useContext(Context);
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const signature = shortcuts.map((shortcut) => shortcut.keys).join(",");
  useEffect(() => {
    const bound = latest.current.map((shortcut) => ({
      ...shortcut,
      run: () => latest.current.find((candidate) => candidate.keys === shortcut.keys)?.run(),
    }));
    return registry?.bind(bound);
  }, [registry, signature]);
}

/** Every shortcut that works on the present page. */
export function useBoundShortcuts(): readonly Shortcut[] {
  const registry = useContext(Context);
  const subscribe = useMemo(
    () => (listener: () => void) => registry?.subscribe(listener) ?? (() => undefined),
    [registry],
  );
  return useSyncExternalStore(subscribe, () => registry?.snapshot() ?? none);
}

const none: readonly Shortcut[] = [];

class ShortcutRegistry {
  #shortcuts: readonly Shortcut[] = none;
  readonly #listeners = new Set<() => void>();
  #pending: KeySequence = "";
  #pendingSince = 0;

  bind(shortcuts: readonly Shortcut[]): () => void {
    this.#set([...this.#shortcuts, ...shortcuts]);
    return () => this.#set(this.#shortcuts.filter((shortcut) => !shortcuts.includes(shortcut)));
  }

  snapshot(): readonly Shortcut[] {
    return this.#shortcuts;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const pending = event.timeStamp - this.#pendingSince > sequenceMs ? "" : this.#pending;
    const step = advanceSequence(
      pending,
      event.key,
      this.#shortcuts.map((shortcut) => shortcut.keys),
    );
    this.#pending = step.pending;
    this.#pendingSince = event.timeStamp;
    if (step.matched === undefined) return;
    event.preventDefault();
    // What was bound last is closest to what the reader looks at.
    this.#shortcuts.findLast((shortcut) => shortcut.keys === step.matched)?.run();
  }

  #set(shortcuts: readonly Shortcut[]): void {
    this.#shortcuts = shortcuts;
    for (const listener of this.#listeners) listener();
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}
