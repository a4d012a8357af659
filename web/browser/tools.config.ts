// Pictures and figures for docs/web.md, made like the tests: `npm run screenshots`, `npm run measure`.
import { defineConfig } from "vitest/config";

import config from "./vitest.config.ts";

export default defineConfig({
  ...config,
  test: { ...config.test, include: ["screenshots.ts", "measure.ts"], testTimeout: 1_800_000 },
});
