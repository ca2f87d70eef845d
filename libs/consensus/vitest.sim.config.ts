import { defineConfig } from "vitest/config";

/** Simulations of the whole protocol: many seconds of work each, so they are a suite of their own. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["src/**/*.sim.test.ts"],
    environment: "node",
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
  },
});
