import { defineConfig } from "vitest/config";

export default defineConfig({
  // Addresses of files are relative, so that the page can lie in any folder of any host.
  base: "./",
  // JSX is compiled by Vite itself: without a plugin a change in development reloads the page.
  build: {
    target: "es2022",
    // An asset of its own rather than a data: address, which the page's policy need not allow then.
    assetsInlineLimit: 0,
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    // For a busy machine: nothing here waits for a time of its own.
    testTimeout: 60_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
