// A bad connection and a busy service: nothing is lost, and one is told what to do.
import type { Page, Route } from "playwright-core";
import { expect, test } from "vitest";

import { photo } from "./addresses";
import { choosePhoto, goTo, heading, signUp } from "./steps";
import { visit } from "./visit";

const COLOSSEUM = photo("colosseum");

const shown = (page: Page) => page.getByRole("img", { name: "What you chose" });
const tryAgain = (page: Page) => page.getByRole("button", { name: /^Try again/ });

/** As a function of the API answers when the table is busy. */
const busy = (route: Route) =>
  route.fulfill({
    status: 503,
    contentType: "application/problem+json",
    headers: {
      "retry-after": "3",
      "access-control-allow-origin": "*",
      "access-control-expose-headers": "etag,location,retry-after,x-request-id",
    },
    body: JSON.stringify({
      type: "urn:problem-type:cv-location-classifier:service_unavailable",
      title: "The service is busy",
      status: 503,
      detail: "The service is busy. Try again in a moment.",
      code: "service_unavailable",
      request_id: "01TEST",
    }),
  });

test("a busy service says when to come back, and the photo is still there", async () => {
  const { page } = await visit();
  await signUp(page);
  await page.route("**/predict", busy, { times: 1 });
  await choosePhoto(page, COLOSSEUM);
  await page.getByRole("alert").filter({ hasText: "Try again in 3 seconds." }).waitFor();
  await shown(page).waitFor();
  // Waits by itself until the button may be pressed.
  await tryAgain(page).click();
  await heading(page, "Colosseum").waitFor();
});

test("a connection that breaks while the photo is sent loses nothing", async () => {
  const { page } = await visit();
  await signUp(page);
  await page.route("**/predict", (route) => route.abort("connectionreset"), { times: 1 });
  await choosePhoto(page, COLOSSEUM);
  await page.getByRole("alert").filter({ hasText: "The service cannot be reached." }).waitFor();
  await shown(page).waitFor();
  await tryAgain(page).click();
  await heading(page, "Colosseum").waitFor();
});

test("sending can be stopped, and begun again", async () => {
  const { page } = await visit();
  await signUp(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/predict", async (route) => {
    await held;
    // It may have been given up meanwhile.
    await route.continue().catch(() => {});
  });
  await choosePhoto(page, COLOSSEUM);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Stopped. The photo is still here.").waitFor();
  release();
  await page.getByRole("button", { name: "Send it again" }).click();
  await heading(page, "Colosseum").waitFor();
});

test("offline, the page says so, keeps what it has, and goes on when there is a connection", async () => {
  const { context, page } = await visit();
  await signUp(page);
  await context.setOffline(true);
  await page.getByText("You are offline. What you see stays").waitFor();
  await choosePhoto(page, COLOSSEUM);
  await page.getByRole("alert").filter({ hasText: "You are offline." }).waitFor();
  await shown(page).waitFor();
  // A part of the page that has not been loaded yet.
  await goTo(page, "Trips");
  await page.getByRole("alert").filter({ hasText: "You are offline." }).waitFor();

  await context.setOffline(false);
  await page.getByText("You are offline. What you see stays").waitFor({ state: "detached" });
  await goTo(page, "Photo");
  await shown(page).waitFor();
  await tryAgain(page).click();
  await heading(page, "Colosseum").waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("places that could not be fetched are fetched on asking", async () => {
  const { page } = await visit();
  await signUp(page);
  await page.route("**/recommend", (route) => route.abort("connectionreset"), { times: 1 });
  await choosePhoto(page, COLOSSEUM);
  await heading(page, "Colosseum").waitFor();
  const places = page.locator(".places");
  await places.getByRole("alert").filter({ hasText: "cannot be reached" }).waitFor();
  await places.getByRole("button", { name: "Try again" }).click();
  await places.locator(".places-list > li").first().waitFor();
});
