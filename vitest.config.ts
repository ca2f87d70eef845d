import { defineConfig } from "vitest/config";

/** What keeps nothing between tests and hardly starts programs: its files share processes and loaded modules. */
const pure = "{libs/{api,consensus,governance,ledger,primitives,verifier},apps/web}/src/**/*.test.ts";

const shared = {
  setupFiles: ["tools/vitest/properties.ts"],
  environment: "node",
  pool: "forks" as const,
  testTimeout: 30_000,
};

/** Tests of single libraries and apps. Tests against running nodes have e2e/vitest.config.ts. */
export default defineConfig({
  test: {
    /** One more than the cores that are expected: many of these tests wait for git, for disks or for timers. */
    maxWorkers: 3,
    projects: [
      { test: { ...shared, name: "pure", include: [pure], exclude: ["**/*.sim.test.ts"], isolate: false } },
      {
        test: {
          ...shared,
          name: "others",
          include: ["libs/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: [pure, "**/*.sim.test.ts"],
        },
      },
    ],
  },
});
