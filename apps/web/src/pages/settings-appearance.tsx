import { createLazyRoute } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { themeChoices, useTheme } from "../shell/theme.ts";

export const settingsAppearanceRoute = createLazyRoute("/settings/appearance")({ component: AppearancePage });

/** How pages look on this device. */
function AppearancePage(): ReactElement {
  const [theme, setTheme] = useTheme();
  return (
    <>
      <title>Appearance · Settings · Guts</title>
      <div className="page-title">
        <h1>Appearance</h1>
      </div>
      <fieldset className="fieldset stack tight">
        <legend>Theme</legend>
        <p className="muted">Kept on this device.</p>
        <div className="theme-options">
          {themeChoices.map((choice) => (
            <label key={choice.value} className="theme-option">
              <input
                type="radio"
                name="theme"
                value={choice.value}
                checked={theme === choice.value}
                onChange={() => setTheme(choice.value)}
              />
              {choice.label}
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}
