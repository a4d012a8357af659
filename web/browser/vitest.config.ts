// The page in a real browser: `npm run browser` with WEB_URL and API_URL, as addresses.ts says.
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    environment: "node",
    include: ["*.test.ts"],
    // One browser at a time: all of them ask one local cloud on one small machine.
    fileParallelism: false,
    // Only so that something that hangs ends: nothing here depends on how long things take.
    testTimeout: 600_000,
    hookTimeout: 120_000,
    reporters: ["verbose"],
  },
});
