// Takes the pictures of docs/web.md, as PNG into PICTURES: with photos of tests/photos alone.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { test } from "vitest";

import { photo } from "./addresses";
import {
  choosePhoto,
  goTo,
  heading,
  offered,
  openTripOfFour,
  saved,
  signUp,
  welcome,
} from "./steps";
import { visit } from "./visit";

const FOLDER = process.env.PICTURES ?? resolve(import.meta.dirname, "../../docs/web");
// A few, by day and by night, on a phone and on a desk.
const WANTED = [
  "phone-light-welcome",
  "phone-light-answer",
  "phone-dark-trip",
  "phone-dark-history",
  "desktop-light-answer",
  "desktop-light-places",
  "desktop-dark-trip",
];

const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };

test.each([
  ["phone", "light", PHONE],
  ["phone", "dark", PHONE],
  ["desktop", "light", DESKTOP],
  ["desktop", "dark", DESKTOP],
] as const)("%s, %s", async (device, colorScheme, options) => {
  const { page } = await visit({ ...options, colorScheme });
  await mkdir(FOLDER, { recursive: true });
  const take = async (what: string) => {
    const name = `${device}-${colorScheme}-${what}`;
    if (!WANTED.includes(name)) return;
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  };
  await page.goto("./");
  await welcome(page).waitFor();
  await take("welcome");

  await signUp(page);
  await choosePhoto(page, photo("colosseum"));
  await heading(page, "Colosseum").waitFor();
  await page.getByRole("button", { name: "Describe what it shows" }).click();
  await page.locator(".description .words").waitFor();
  await offered(page).nth(3).waitFor();
  await toTheTop(page);
  await take("answer");
  await page.locator(".leaflet-container").scrollIntoViewIfNeeded();
  await page.locator("#root .places").evaluate((places) => places.scrollIntoView());
  await take("places");

  await openTripOfFour(page, "Rome in May");
  await page.locator(".leaflet-container").first().waitFor();
  await saved(page);
  await toTheTop(page);
  await take("trip");

  await goTo(page, "Photo");
  for (const name of ["konark-sun-temple", "great-wall-of-china"]) {
    await choosePhoto(page, photo(name));
    await heading(page, /Not a landmark I know|Great Wall of China/).waitFor();
  }
  await goTo(page, "History");
  await heading(page, "Today").waitFor();
  await take("history");
});

const toTheTop = (page: Page) => page.evaluate(() => scrollTo(0, 0));
