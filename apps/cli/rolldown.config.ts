import { defineConfig } from "rolldown";

export default defineConfig({
  input: "src/main.ts",
  platform: "node",
  output: {
    file: "dist/guts.mjs",
    format: "esm",
    codeSplitting: false,
    minify: true,
    comments: false,
  },
});
