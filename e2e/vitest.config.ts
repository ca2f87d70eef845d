import { defineConfig } from "vitest/config";

/** Tests against running nodes. Each file has a network of its own; two files at a time is what two cores carry. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    environment: "node",
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: process.env["GUTS_TEST_DATABASE"] === "postgresql" ? ["./harness/postgres-setup.ts"] : [],
  },
});
