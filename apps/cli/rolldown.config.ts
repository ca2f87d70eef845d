import { defineConfig } from "rolldown";

export default defineConfig({
  input: "src/main.ts",
  platform: "node",
  // Parses on the oldest Node.js that npm itself runs on, so that an old one gets a sentence, not a syntax error.
  transform: { target: "node20" },
  output: {
    file: "dist/guts.mjs",
    format: "esm",
    codeSplitting: false,
    minify: true,
    comments: false,
  },
});
