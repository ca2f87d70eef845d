// Runs before the first paint, as a classic script of its own because the content security policy allows no
// inline script. It turns the saved preference (or the system's) into one attribute that the stylesheet reads.
// src/shell/theme.ts writes the preference and calls window.gutsApplyTheme again.
(function () {
  "use strict";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var contrast = window.matchMedia("(prefers-contrast: more)");

  function preference() {
    try {
      return window.localStorage.getItem("guts-theme") || "system";
    } catch {
      return "system"; // storage is refused to this page; the system's choice is right anyway
    }
  }

  function resolve(choice) {
    if (choice !== "system") return choice;
    return (dark.matches ? "dark" : "light") + (contrast.matches ? "-high-contrast" : "");
  }

  function apply() {
    document.documentElement.setAttribute("data-theme", resolve(preference()));
  }

  window.gutsApplyTheme = apply;
  dark.addEventListener("change", apply);
  contrast.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  apply();
})();
