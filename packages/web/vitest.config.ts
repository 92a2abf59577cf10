import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  define: { __APP_VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    name: "web",
    include: ["src/**/*.test.{ts,tsx}"],
    // What draws says so at its head: a page for each file is most of the time that tests take.
    environment: "node",
    testTimeout: 20_000,
  },
});
