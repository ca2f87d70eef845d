import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import "virtual:design-tokens.css";
import "./styles/10-theme.css";
import "./styles/20-base.css";
import "./styles/30-controls.css";
import "./styles/40-surfaces.css";
import "./styles/50-shell.css";
import "./styles/60-repository.css";
import "./styles/70-code.css";
import "./styles/72-editor.css";
import "./styles/75-markdown.css";
import "./styles/80-pages.css";
import "./styles/82-people.css";
import "./styles/85-administration.css";
import { ApiError } from "@guts/api/client";

import { isAbsent } from "./api/explain.ts";
import { ToastProvider } from "./components/toast.tsx";
import { ShortcutProvider } from "./keyboard/shortcuts.tsx";
import { createAppRouter } from "./router.tsx";

const retriesMax = 2;

const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Only silence is worth asking again about; a refusal will be the same.
      retry: (failures, error) => error instanceof ApiError && error.code === "unreachable" && failures < retriesMax,
    },
  },
});

createRoot(document.getElementById("root")!, {
  // What is not there gets a page that says so; it is no error of this program for the console to tell about.
  onCaughtError: (error) => (isAbsent(error) ? undefined : reportError(error)),
}).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <ToastProvider>
        <ShortcutProvider>
          <RouterProvider router={createAppRouter(cache)} />
        </ShortcutProvider>
      </ToastProvider>
    </QueryClientProvider>
  </StrictMode>,
);
