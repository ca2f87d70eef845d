import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

import { precompress } from "./build/precompress.ts";
import { readStylesheets, renderTokens } from "./build/primer-tokens.ts";

const node = process.env["GUTS_NODE_URL"] ?? "http://127.0.0.1:3000";
const proxy = { "^/(api|healthz|[^/]+/[^/]+/raw)/": node };

export default defineConfig({
  plugins: [react(), designTokens(), precompress()],
  build: {
    manifest: true,
    target: "es2022",
    // One stylesheet for all pages: it is small, and a page that arrives later never waits for its own.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    // An asset as a data: URL would save one request and weaken the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            // Icons and small parts that most pages share travel in one file instead of dozens.
            { name: "interface", test: /@primer[\\/]octicons-react|web[\\/]src[\\/](components|text|paths)[\\/]/ },
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: "routing", test: /node_modules[\\/]@tanstack[\\/]/ },
          ],
        },
      },
    },
  },
  server: { host: "127.0.0.1", port: 41100, strictPort: true, proxy },
  preview: { host: "127.0.0.1", port: 41101, strictPort: true, proxy },
});

/** Serves `virtual:design-tokens.css`: the Primer tokens that the stylesheets of this application use. */
function designTokens(): Plugin {
  const id = "virtual:design-tokens.css";
  const styles = new URL("./src/styles/", import.meta.url).pathname;
  return {
    name: "guts:design-tokens",
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load: (resolved) => (resolved === `\0${id}` ? renderTokens(readStylesheets(styles)) : undefined),
  };
}
