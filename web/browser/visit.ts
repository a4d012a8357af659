// A visitor with a browser of their own, and what that browser finds fault with.
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { afterAll, onTestFinished } from "vitest";

import * as addresses from "./addresses";

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** Hosts that anything was asked of. */
  hosts: Set<string>;
  /** What the browser wrote in red: errors of scripts, refusals of the page's policy, failed loads. */
  complaints: string[];
}

// On this machine Chromium has no sandbox, no graphics card and no way out of the house.
export const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
// A function that has not run yet takes some seconds to start on a busy machine.
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 90_000);

let running: Promise<Browser> | undefined;

function browser(): Promise<Browser> {
  running ??= chromium.launch({ executablePath: addresses.chromiumPath(), args: FLAGS });
  return running;
}

afterAll(async () => {
  await (await running)?.close();
  running = undefined;
});

/** Open a browser window that knows nothing of any other; it is closed when the test is over. */
export async function visit(options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await (await browser()).newContext({
    baseURL: addresses.page(),
    locale: "en-GB",
    reducedMotion: "reduce",
    viewport: { width: 1200, height: 900 },
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      console.error(`refused by the page's policy: ${violatedDirective} ${blockedURI}`),
    );
  });
  const hosts = new Set<string>();
  const complaints: string[] = [];
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "blob:" && protocol !== "data:") hosts.add(origin);
  });
  context.on("console", (message) => {
    if (message.type() === "error")
      complaints.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => complaints.push(String(error.error().stack)));
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail") await tell(context, complaints);
    await context.close();
  });
  return { context, page: await context.newPage(), hosts, complaints };
}

/** What one would want to know of a test that failed on a machine far away. */
async function tell(context: BrowserContext, complaints: string[]): Promise<void> {
  for (const page of context.pages()) {
    console.error(`\nThe page at its end, ${page.url()}:`);
    console.error(await page.locator("body").ariaSnapshot());
  }
  for (const complaint of complaints) console.error(`The browser said: ${complaint}`);
}
