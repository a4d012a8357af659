// The map: what it fetches, and when.
import { expect, test } from "vitest";

import { photo } from "./addresses";
import { addToTrip, choosePhoto, heading, signUp } from "./steps";
import { visit } from "./visit";

test("the world's outlines are fetched only where they are seen", async () => {
  const { page, complaints } = await visit();
  await signUp(page);
  await choosePhoto(page, photo("colosseum"));
  await heading(page, "Colosseum").waitFor();
  await addToTrip(page, page.locator(".answer"), "Rome");
  await page.getByRole("link", { name: "Rome", exact: true }).first().click();
  await heading(page, "Rome").waitFor();
  await page.reload();
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  const map = page.locator(".trip-map .leaflet-container");
  await map.waitFor();
  await page.locator(".places-list > li").first().waitFor();
  await page.waitForLoadState("networkidle");
  const outlines = () =>
    fetched.filter((path) => path.endsWith(".json") && path.includes("assets"));
  expect(outlines()).toEqual([]);

  const farther = map.getByRole("button", { name: "Zoom out" });
  const arrived = page.waitForResponse((answer) => answer.url().includes("countries"));
  for (let times = 0; times < 6; times += 1) {
    const before = await map.locator(".leaflet-control-scale-line").innerText();
    await farther.click();
    // The next step begins where this one has ended.
    await map.getByText(before, { exact: true }).waitFor({ state: "detached" });
  }
  await arrived;
  await map.locator("path.map-land").first().waitFor({ state: "attached" });
  expect(outlines()).toHaveLength(1);
  expect(complaints).toEqual([]);
});
