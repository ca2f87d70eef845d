import { defineConfig } from "vitest/config";

/** Tests of single libraries and apps. Tests against running nodes have e2e/vitest.config.ts. */
export default defineConfig({
  test: {
    include: ["libs/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "tools/**/*.test.ts"],
    exclude: ["**/*.sim.test.ts"],
    setupFiles: ["tools/vitest/properties.ts"],
    environment: "node",
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
  },
});
