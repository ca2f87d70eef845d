import { defineConfig } from "vitest/config";

/** Every fuzz target against its corpus and for a while; and proof that the fuzzer finds what it is for. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    environment: "node",
    pool: "forks",
    maxWorkers: 2,
    maxConcurrency: 2,
    testTimeout: 120_000,
  },
});
