// A change of a trip that is not saved: it is told wherever one is, and waits for another try.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { photo } from "./addresses";
import {
  choosePhoto,
  goTo,
  heading,
  openTripOfFour,
  saved,
  signIn,
  signUp,
  stops,
  welcome,
} from "./steps";
import { visit } from "./visit";

const notice = (page: Page) => page.getByText("A change of “Rome” was not saved.");

/** A visitor at their trip, whose next change fails once they have looked elsewhere. */
async function leaveBeforeItFails() {
  const { page } = await visit();
  const account = await signUp(page);
  await choosePhoto(page, photo("colosseum"));
  await heading(page, "Colosseum").waitFor();
  await openTripOfFour(page, "Rome");
  let breakIt = () => {};
  const broken = new Promise<void>((resolve) => {
    breakIt = resolve;
  });
  let changes = 0;
  await page.route("**/itinerary/*", async (route) => {
    changes += route.request().method() === "PATCH" ? 1 : 0;
    if (changes !== 1 || route.request().method() !== "PATCH") return route.continue();
    await broken;
    return route.abort("connectionreset");
  });
  const before = await stops(page);
  await page.getByRole("button", { name: `Later: ${before[0]}` }).click();
  await goTo(page, "History");
  await heading(page, "History").waitFor();
  expect(await notice(page).count()).toBe(0);
  breakIt();
  await notice(page).waitFor();
  return { page, account, before };
}

test("a change that fails after its page was left is told, found again, and saved", async () => {
  const { page, before } = await leaveBeforeItFails();
  await goTo(page, "Photo");
  await notice(page).waitFor();
  await page.getByRole("link", { name: /^Look at it.*Rome$/ }).click();
  await heading(page, "Rome").waitFor();
  await page.getByRole("alert").filter({ hasText: "cannot be reached" }).waitFor();
  expect(await notice(page).count()).toBe(0);
  expect(await stops(page)).toEqual(before);

  await page.getByRole("button", { name: "Try again" }).click();
  await saved(page);
  const [first, second, ...rest] = before;
  expect(await stops(page)).toEqual([second, first, ...rest]);
  // As the API has it.
  await page.reload();
  await heading(page, "Rome").waitFor();
  expect(await stops(page)).toEqual([second, first, ...rest]);
});

test("closing the tab is asked about, and signing out leaves nothing to the next", async () => {
  const { page, account } = await leaveBeforeItFails();
  let asked = 0;
  page.on("dialog", async (dialog) => {
    asked += dialog.type() === "beforeunload" ? 1 : 0;
    await dialog.dismiss();
  });
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toBe(1);
  expect(page.isClosed()).toBe(false);

  await goTo(page, "Account");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await welcome(page).waitFor();
  expect(await notice(page).count()).toBe(0);
  await page.getByText("I have an account").click();
  await signIn(page, account);
  await heading(page, "Where was this taken?").waitFor();
  expect(await notice(page).count()).toBe(0);
});
