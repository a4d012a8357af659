// Lighthouse's figures of a few pages, as docs/web.md has them: the median of three runs of each.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { test } from "vitest";

import * as addresses from "./addresses";
import { free } from "./port";
import { choosePhoto, heading, openTripOfFour, saved, signUp } from "./steps";
import { FLAGS } from "./visit";

// Fetched for this alone, since it brings a hundred packages along. The newest for Node 20.
const LIGHTHOUSE = "lighthouse@12.2.3";
const RUNS = 3;

interface Report {
  categories: Record<string, { score: number | null }>;
  audits: Record<string, { numericValue?: number }>;
}

test("figures", async () => {
  const folder = await mkdtemp(join(tmpdir(), "page-measured-"));
  const port = await free();
  // Lighthouse visits by the same browser, so that it finds somebody signed in.
  const context = await chromium.launchPersistentContext(folder, {
    baseURL: addresses.page(),
    executablePath: addresses.chromiumPath(),
    args: [...FLAGS, `--remote-debugging-port=${port}`],
  });
  try {
    const rows: string[][] = [];
    for (const form of ["phone", "desktop"]) rows.push(await figures("", form, port));
    const page = await context.newPage();
    await signUp(page);
    await choosePhoto(page, addresses.photo("colosseum"));
    await heading(page, "Colosseum").waitFor();
    await openTripOfFour(page, "Rome in May");
    await saved(page);
    const trip = new URL(page.url()).hash;
    await page.close();
    for (const form of ["phone", "desktop"]) rows.push(await figures("#/photo", form, port));
    for (const form of ["phone", "desktop"]) rows.push(await figures(trip, form, port));
    for (const row of rows) console.log(`| ${row.join(" | ")} |`);
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
});

async function figures(hash: string, form: string, port: number): Promise<string[]> {
  const reports: Report[] = [];
  for (let run = 0; run < RUNS; run += 1) reports.push(await visitBy(hash, form, port));
  const score = (name: string) =>
    median(reports.map(({ categories }) => categories[name]?.score ?? 0));
  const value = (name: string) =>
    median(reports.map(({ audits }) => audits[name]?.numericValue ?? Number.NaN));
  const seconds = (name: string) => `${(value(name) / 1000).toFixed(1)} s`;
  return [
    `${hash.split("/")[1] ?? "welcome"}, ${form}`,
    seconds("first-contentful-paint"),
    seconds("largest-contentful-paint"),
    `${Math.round(value("total-blocking-time"))} ms`,
    value("cumulative-layout-shift").toFixed(3),
    ...["performance", "accessibility", "best-practices"].map(
      (name) => `${Math.round(score(name) * 100)}`,
    ),
  ];
}

async function visitBy(hash: string, form: string, port: number): Promise<Report> {
  const { stdout } = await promisify(execFile)(
    "npx",
    [
      ...["--yes", LIGHTHOUSE, `${addresses.page()}${hash}`, `--port=${port}`],
      ...["--output=json", "--quiet", "--disable-storage-reset"],
      "--only-categories=performance,accessibility,best-practices",
      ...(form === "desktop" ? ["--preset=desktop"] : []),
    ],
    { maxBuffer: 100_000_000, env: { ...process.env, NO_PROXY: "127.0.0.1,localhost" } },
  );
  return JSON.parse(stdout) as Report;
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
