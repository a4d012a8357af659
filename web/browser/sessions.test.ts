// Staying signed in, and what happens when that ends.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { photo } from "./addresses";
import { choosePhoto, goTo, heading, signIn, signUp, welcome } from "./steps";
import { visit } from "./visit";

interface Tokens {
  access: string;
  refresh: string;
}

/** Change the tokens that lie in the browser, as time or an administrator would. */
async function changeTokens(page: Page, changes: Partial<Tokens>): Promise<void> {
  await page.evaluate((changed) => {
    const key = Object.keys(localStorage).find((name) => name.startsWith("session "));
    if (!key) throw new Error("Nobody is signed in.");
    const kept = JSON.parse(localStorage.getItem(key) ?? "{}");
    localStorage.setItem(key, JSON.stringify({ ...kept, ...changed }));
  }, changes);
}

const ENDED = { access: "a.token.long-ended" };
const DEAD = { ...ENDED, refresh: "a token that nobody knows" };

test("an access token that has ended is replaced without anybody noticing", async () => {
  const { page } = await visit();
  await signUp(page);
  await changeTokens(page, ENDED);
  const renewed = page.waitForResponse((answer) => answer.url().endsWith("/auth/refresh"));
  await goTo(page, "History");
  expect((await renewed).status()).toBe(200);
  await page.getByText(/^Nothing yet/).waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("a session that has ended asks for the password, and then one is back where one was", async () => {
  const { page } = await visit();
  const account = await signUp(page);
  await goTo(page, "Trips");
  await page.getByText("No trips yet.").waitFor();
  await changeTokens(page, DEAD);
  await goTo(page, "History");
  await page.getByText("You have been signed out, for safety.").waitFor();
  await signIn(page, account);
  await heading(page, "History").waitFor();
  await page.getByText(/^Nothing yet/).waitFor();
});

test("a photo outlasts a session that ends while it is looked at", async () => {
  const { page } = await visit();
  const account = await signUp(page);
  await changeTokens(page, DEAD);
  await choosePhoto(page, photo("colosseum"));
  await page.getByText("You have been signed out, for safety.").waitFor();
  expect(await page.getByRole("img", { name: "What you chose" }).count()).toBe(0);
  await signIn(page, account);
  await page.getByRole("img", { name: "What you chose" }).waitFor();
  // It goes on by itself.
  await heading(page, "Colosseum").waitFor();
});

test("two tabs that find the token ended exchange it once", async () => {
  const { context, page } = await visit();
  await signUp(page);
  const other = await context.newPage();
  await other.goto("./");
  await heading(other, "Where was this taken?").waitFor();

  // The exchange waits until both tabs have been refused.
  const refused = new Set<Page>();
  let bothRefused = () => {};
  const both = new Promise<void>((resolve) => {
    bothRefused = resolve;
  });
  context.on("response", (answer) => {
    const isGateways = answer.status() === 403 || answer.status() === 401;
    if (isGateways && !answer.url().includes("/auth/")) refused.add(answer.frame().page());
    if (refused.size === 2) bothRefused();
  });
  let exchanges = 0;
  await context.route("**/auth/refresh", async (route) => {
    exchanges += 1;
    await both;
    await route.continue();
  });
  await changeTokens(page, ENDED);
  await Promise.all([goTo(page, "History"), goTo(other, "Trips")]);
  await page.getByText(/^Nothing yet/).waitFor();
  await other.getByText("No trips yet.").waitFor();
  expect(exchanges).toBe(1);
  // And both go on with what came of it.
  await Promise.all([goTo(page, "Account"), goTo(other, "Account")]);
  await Promise.all([page, other].map((tab) => tab.getByText("Here since").waitFor()));
  expect(exchanges).toBe(1);
});

test("signing out in one tab signs out the others, and going back shows nothing", async () => {
  const { context, page } = await visit();
  const account = await signUp(page);
  const other = await context.newPage();
  await other.goto("./#/account");
  await other.getByText(account.email).waitFor();
  await goTo(page, "Account");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await welcome(page).waitFor();
  await welcome(other).waitFor();
  await page.goBack();
  await welcome(page).waitFor();
  expect(await page.getByText(account.email).count()).toBe(0);
});

test("another password ends the sessions of other devices, and not this one", async () => {
  const here = await visit();
  const account = await signUp(here.page);
  const elsewhere = await visit();
  await elsewhere.page.goto("./");
  await elsewhere.page.getByText("I have an account").click();
  await signIn(elsewhere.page, account);
  await heading(elsewhere.page, "Where was this taken?").waitFor();

  await goTo(here.page, "Account");
  await here.page.getByRole("button", { name: "Change the password" }).click();
  await here.page.getByLabel("Current password").fill("not this one");
  await here.page.getByLabel("New password").fill("another walk in Rome");
  await here.page.getByRole("button", { name: "Change it" }).click();
  await here.page.getByText("The current password is wrong.").waitFor();
  await here.page.getByLabel("Current password").fill(account.password);
  await here.page.getByRole("button", { name: "Change it" }).click();
  await here.page.getByText("Your password is changed.").waitFor();
  await goTo(here.page, "Trips");
  await here.page.getByText("No trips yet.").waitFor();

  // Its access token goes on for half an hour; when it has ended, so has the session.
  await changeTokens(elsewhere.page, ENDED);
  await goTo(elsewhere.page, "Trips");
  await elsewhere.page.getByText("You have been signed out, for safety.").waitFor();
});
