// Everything that one visitor does here, from the first look to leaving for good.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import * as addresses from "./addresses";
import {
  type Account,
  addToTrip,
  goTo,
  heading,
  offered,
  saved,
  signUp,
  stops,
  welcome,
} from "./steps";
import { drag, moveByKeyboard } from "./tripSteps";
import { differences, drop, turnedPhoto } from "./turnedPhoto";
import { visit } from "./visit";

const COLOSSEUM = addresses.photo("colosseum");
const FIRST_DAY = "2027-05-01";

test("a visitor learns where a photo was taken, plans a trip, and leaves without a trace", async () => {
  const { page, hosts, complaints } = await visit();
  const account = await signUp(page);

  await dropTheColosseum(page);
  const names = await addThreePlaces(page);
  await planTheTrip(page, names);
  await takeItAlong(page, names);
  await lookAtTheHistory(page);
  await exportEverything(page, account);
  await leave(page, account);

  expect(complaints).toEqual([]);
  const own = [addresses.page(), addresses.api()].map((address) => new URL(address).origin);
  expect([...hosts].filter((host) => !own.includes(host))).toEqual([]);
});

/** Upside down, with the turn in EXIF, as a phone stores it. */
async function dropTheColosseum(page: Page) {
  await drop(page, await turnedPhoto(page, COLOSSEUM), "IMG_2041.jpg");
  await heading(page, "Colosseum").waitFor();
  const { upright, turned } = await differences(page, COLOSSEUM);
  expect(upright).toBeLessThan(turned / 2);
  expect(await page.locator(".answer").innerText()).toMatch(/This is.*Rome, Italy.*Very sure/s);

  await page.getByRole("button", { name: "Describe what it shows" }).click();
  const description = page.getByRole("region", { name: "Description" });
  await description.getByText("Colosseum").waitFor();
  await page.getByRole("button", { name: "Yes", exact: true }).click();
  await page.getByText(/^Thank you/).waitFor();
}

async function addThreePlaces(page: Page): Promise<string[]> {
  await offered(page).nth(2).waitFor();
  // On the map as well: a button each, with the same names.
  await page.locator(".leaflet-container").waitFor();
  await addToTrip(page, page.locator(".answer"), "Rome in May");
  const names = ["Colosseum"];
  for (const at of [0, 1, 2]) {
    const card = offered(page).nth(at);
    names.push(await card.getByRole("heading").innerText());
    await card
      .getByText(/ from Colosseum| m,| km,/)
      .first()
      .waitFor();
    await addToTrip(page, card);
    await card.getByText("In Rome in May, day 1").waitFor();
  }
  return names;
}

async function planTheTrip(page: Page, added: string[]) {
  await page.getByRole("link", { name: "Rome in May" }).first().click();
  await heading(page, "Rome in May").waitFor();
  await expect.poll(() => stops(page)).toEqual(added);
  const [first = "", second = "", third = "", fourth = ""] = added;

  await moveByKeyboard(page, first, 2);
  await expect.poll(() => stops(page)).toEqual([second, third, first, fourth]);
  await drag(page, fourth, second, "stop 1 of 4");
  await expect.poll(() => stops(page)).toEqual([fourth, second, third, first]);
  await saved(page);
  await page.reload();
  await expect.poll(() => stops(page)).toEqual([fourth, second, third, first]);

  await page.getByRole("button", { name: "Suggest an order" }).click();
  await page.getByLabel("Begin day 1 with").selectOption({ label: first });
  await page.getByText(/^Saves /).waitFor();
  await page.getByRole("button", { name: "Use this order" }).click();
  await expect.poll(async () => (await stops(page))[0]).toBe(first);
  await saved(page);
}

async function takeItAlong(page: Page, names: string[]) {
  const calendar = page.getByRole("button", { name: "For a calendar (iCalendar)" });
  await calendar.click();
  await page.getByText("A calendar needs dates.").waitFor();
  await page.getByRole("button", { name: "Change name, date, note" }).click();
  await page.getByLabel("First day").fill(FIRST_DAY);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("From 1 May 2027").waitFor();
  await saved(page);

  const order = await stops(page);
  const gpx = await download(page, "For a navigator (GPX)", "Rome-in-May.gpx");
  const waypoints = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "application/xml");
    return [...parsed.querySelectorAll("wpt > name")].map((name) => name.textContent);
  }, gpx);
  expect(waypoints).toEqual(order);

  const ics = await download(page, "For a calendar (iCalendar)", "Rome-in-May.ics");
  // Lines are folded at 75 bytes (RFC 5545, 3.1).
  const lines = ics.replace(/\r\n[ \t]/g, "").split("\r\n");
  const of = (name: string) => lines.filter((line) => line.startsWith(name));
  expect(of("BEGIN:VEVENT")).toHaveLength(names.length);
  expect(new Set(of("DTSTART"))).toEqual(
    new Set([`DTSTART;VALUE=DATE:${FIRST_DAY.replaceAll("-", "")}`]),
  );
}

async function lookAtTheHistory(page: Page) {
  await goTo(page, "History");
  await heading(page, "Today").waitFor();
  const row = page.getByRole("listitem").filter({ hasText: "Colosseum" });
  expect(await row.innerText()).toContain("You said it was right");
  await row.getByRole("link", { name: "Colosseum" }).click();
  await heading(page, "Colosseum").waitFor();
  await page.getByText("The photo itself was not kept.").waitFor();
  await offered(page).nth(2).waitFor();

  await page.goBack();
  await page.getByRole("button", { name: /^Delete Colosseum/ }).click();
  const dialog = page.getByRole("dialog", { name: "Delete this answer?" });
  await dialog.getByRole("button", { name: "Delete it" }).click();
  await page.getByText(/^Nothing yet/).waitFor();
}

async function exportEverything(page: Page, account: Account) {
  await goTo(page, "Account");
  await page.getByText(account.email).waitFor();
  const day = new Date().toISOString().slice(0, 10);
  const text = await download(page, "Export everything", `travel-data-${day}.json`);
  const { profile, predictions, itineraries } = JSON.parse(text);
  expect(profile).toMatchObject({ email: account.email, username: account.username });
  expect(predictions).toEqual([]);
  expect(itineraries).toMatchObject([{ name: "Rome in May" }]);
}

async function leave(page: Page, { email, password }: Account) {
  await page.getByRole("button", { name: "Delete my account" }).click();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Delete everything" }).click();
  await welcome(page).waitFor();
  await page.getByText("Your account is deleted").waitFor();
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain("refresh");
  const answer = await fetch(`${addresses.api()}/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  expect(answer.status).toBe(401);
}

async function download(page: Page, button: string, name: string): Promise<string> {
  const begun = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const file = await begun;
  expect(file.suggestedFilename()).toBe(name);
  const text = await readFile(await file.path(), "utf8");
  const folder = addresses.keptFiles();
  if (folder) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return text;
}
