// What visitors do in many tests, in the words that they see on the page.
import { randomBytes } from "node:crypto";

import type { Locator, Page } from "playwright-core";

export interface Account {
  email: string;
  username: string;
  password: string;
}

export function newAccount(): Account {
  const name = `visitor-${randomBytes(4).toString("hex")}`;
  return { email: `${name}@example.com`, username: name, password: "a long walk in Rome" };
}

/** Open the page and make an account there. */
export async function signUp(page: Page, account = newAccount()): Promise<Account> {
  await page.goto("./");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Username").fill(account.username);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Create my account" }).click();
  await heading(page, "Where was this taken?").waitFor();
  return account;
}

export async function signIn(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Go to one of the pages by its link. */
export async function goTo(page: Page, title: "Photo" | "Trips" | "History" | "Account") {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: title }).click();
}

/** What somebody sees who is not signed in. */
export function welcome(page: Page): Locator {
  return heading(page, "Know the place in your photo");
}

export function heading(page: Page, name: string | RegExp): Locator {
  return page.getByRole("heading", { name, exact: true });
}

/** Choose a photo from the disk. */
export async function choosePhoto(page: Page, path: string): Promise<void> {
  await page.getByLabel(/^Choose a(nother)? photo$/).setInputFiles(path);
}

/** The places that are offered, as a list. */
export function offered(page: Page): Locator {
  return page.locator(".places-list > li");
}

/** Put a place into a trip by its button: into a new one of this name, or the one offered first. */
export async function addToTrip(page: Page, within: Locator, newTrip?: string): Promise<void> {
  await within.getByRole("button", { name: /^Add to a trip/ }).click();
  const dialog = page.getByRole("dialog");
  if (newTrip) {
    await dialog.getByRole("radio", { name: "A new trip" }).check();
    await dialog.getByLabel("What is it called?").fill(newTrip);
  }
  await dialog.getByRole("button", { name: "Add it" }).click();
  await dialog.waitFor({ state: "detached" });
}

/** The names of a trip's stops, in their order. */
export function stops(page: Page): Promise<string[]> {
  return page.locator(".stop-name").allInnerTexts();
}

/** Wait until what was changed of a trip is stored. */
export async function saved(page: Page): Promise<void> {
  await page.locator(".saving").filter({ hasNotText: "saving" }).waitFor({ state: "attached" });
}

/** Make a trip of what the photo shows and the first three places beside it, and open it. */
export async function openTripOfFour(page: Page, name: string): Promise<void> {
  await addToTrip(page, page.locator(".answer"), name);
  for (const at of [0, 1, 2]) await addToTrip(page, offered(page).nth(at));
  await goTo(page, "Trips");
  await heading(page, "Your trips").waitFor();
  await page.getByRole("link", { name }).click();
  await heading(page, name).waitFor();
}
