import { useSyncExternalStore } from "react";

declare global {
  interface Window {
    /** Defined by `public/theme.js`, which runs before the first paint. */
    gutsApplyTheme?: () => void;
  }
}

/** What a person may choose; `system` follows the settings of the device. */
export const themeChoices = [
  { value: "system", label: "Follow the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "light-high-contrast", label: "Light, high contrast" },
  { value: "dark-high-contrast", label: "Dark, high contrast" },
] as const;

/** The value of one of {@link themeChoices}. */
export type ThemeChoice = (typeof themeChoices)[number]["value"];

const storageKey = "guts-theme";
const changed = new EventTarget();

/** The present choice and a function that changes it, here and in other tabs. */
export function useTheme(): readonly [ThemeChoice, (choice: ThemeChoice) => void] {
  return [useSyncExternalStore(subscribe, readChoice), writeChoice];
}

/** Whether the page is dark right now, whatever was chosen. */
export function isDarkNow(): boolean {
  return document.documentElement.dataset["theme"]?.startsWith("dark") ?? false;
}

function readChoice(): ThemeChoice {
  const saved = localStorage.getItem(storageKey);
  return themeChoices.find((choice) => choice.value === saved)?.value ?? "system";
}

function writeChoice(choice: ThemeChoice): void {
  localStorage.setItem(storageKey, choice);
  window.gutsApplyTheme?.();
  changed.dispatchEvent(new Event("change"));
}

function subscribe(listener: () => void): () => void {
  changed.addEventListener("change", listener);
  window.addEventListener("storage", listener);
  return () => {
    changed.removeEventListener("change", listener);
    window.removeEventListener("storage", listener);
  };
}
