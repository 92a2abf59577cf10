import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // All cores, not all but one: many tests wait, and a machine with two would run one at a time.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: ["packages/web/**", "packages/testkit/**", "**/node_modules/**"],
          environment: "node",
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "integration",
          include: ["packages/testkit/src/**/*.test.ts", "e2e/integration/**/*.test.ts"],
          environment: "node",
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          // The real client: `npm run test:agent`, which brings it, starts this where there is no network.
          name: "agent",
          include: ["e2e/agent/**/*.test.ts"],
          environment: "node",
          testTimeout: 240_000,
          hookTimeout: 120_000,
          // A client mostly waits, each test has all of its own, and the cores are few.
          maxWorkers: 3,
        },
      },
      "packages/web/vitest.config.ts",
    ],
  },
});
