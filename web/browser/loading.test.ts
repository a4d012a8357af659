// What the first look at the page fetches, over the wire.
import { expect, test } from "vitest";

import * as addresses from "./addresses";
import { welcome } from "./steps";
import { visit } from "./visit";

const MOST_BYTES = 200_000;

test("the first look fetches less than 200 kB, from the page's own host alone", async () => {
  const { page, hosts, complaints } = await visit();
  const fetched: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    fetched.push(request.sizes().then((size) => size.responseBodySize + size.responseHeadersSize));
  });
  await page.goto("./");
  await welcome(page).waitFor();
  await page.waitForLoadState("networkidle");
  const bytes = (await Promise.all(fetched)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(MOST_BYTES);
  expect([...hosts]).toEqual([new URL(addresses.page()).origin]);
  expect(complaints).toEqual([]);
});

test("the page says plainly when it is not set up", async () => {
  const { page } = await visit();
  await page.route("**/config.json", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto("./");
  const alert = page.getByRole("alert");
  await alert.filter({ hasText: "This page is not set up." }).waitFor();
  expect(await alert.innerText()).toContain("config.json");
});
