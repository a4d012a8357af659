// Every page and dialog there is, one after another, for whoever wants to look at all of them.
import type { Page } from "playwright-core";

import * as addresses from "./addresses";
import { addToTrip, choosePhoto, goTo, heading, offered, signUp } from "./steps";

export type Look = (name: string) => Promise<void>;

/** Go through the page and call `look` wherever there is something new to be seen. */
export async function tour(page: Page, look: Look): Promise<void> {
  await beforeSigningIn(page, look);
  await signUp(page);
  await photos(page, look);
  await trips(page, look);
  await past(page, look);
  await account(page, look);
}

async function beforeSigningIn(page: Page, look: Look) {
  await page.goto("./");
  await page.getByRole("button", { name: "Create my account" }).click();
  await page.getByText("Use at least 8 characters.").waitFor();
  await look("sign-up with mistakes");
  await page.getByText("I have an account").click();
  await look("sign-in");
  await page.getByRole("button", { name: "I have forgotten my password" }).click();
  await look("forgotten password");
  await page.goto("./#token=not-a-token");
  await page.getByLabel("New password").waitFor();
  await look("new password");
}

async function photos(page: Page, look: Look) {
  await look("photo, empty");
  await page.route("**/predict", (route) => route.abort("connectionreset"), { times: 1 });
  await choosePhoto(page, addresses.photo("colosseum"));
  await page.getByRole("alert").waitFor();
  await look("photo, failed");
  await page.getByRole("button", { name: "Try again" }).click();
  await heading(page, "Colosseum").waitFor();
  await page.getByRole("button", { name: "Describe what it shows" }).click();
  await page.locator(".description .words").waitFor();
  await offered(page).first().waitFor();
  await page.locator(".leaflet-container").waitFor();
  await look("photo, answered");
  await page
    .locator(".answer")
    .getByRole("button", { name: /^Add to a trip/ })
    .click();
  await page.getByLabel("What is it called?").waitFor();
  await look("adding to a new trip");
  await page.keyboard.press("Escape");
  await addToTrip(page, page.locator(".answer"), "Rome in May");
  await addToTrip(page, offered(page).nth(0));
  await addToTrip(page, offered(page).nth(1));
  await offered(page)
    .nth(2)
    .getByRole("button", { name: /^Add to a trip/ })
    .click();
  await page.getByLabel("Which day?").waitFor();
  await look("adding to a known trip");
  await page.keyboard.press("Escape");
  const answered = page.waitForResponse(
    (answer) => answer.request().postData()?.includes("quiet gardens") ?? false,
  );
  await page.getByLabel("How far?").selectOption({ index: 0 });
  await page.getByLabel("What would you like to see?").fill("quiet gardens");
  await answered;
  // Pale for as long as others are looked for.
  await page.locator(".places [aria-busy=true]").waitFor({ state: "detached" });
  await look("places, filtered");

  await choosePhoto(page, addresses.photo("konark-sun-temple"));
  await heading(page, "Not a landmark I know").waitFor();
  await page.getByText("What it reminds me of").click();
  await page.getByRole("button", { name: "Tell me" }).click();
  await page.getByRole("combobox", { name: "What does the photo show?" }).fill("temple");
  await page.getByRole("listbox").getByRole("option").first().waitFor();
  await look("photo, not recognised, being corrected");
}

async function trips(page: Page, look: Look) {
  await goTo(page, "Trips");
  await heading(page, "Your trips").waitFor();
  await page.getByRole("link", { name: "Rome in May" }).waitFor();
  await look("trips");
  await page.getByRole("link", { name: "Rome in May" }).click();
  await heading(page, "Rome in May").waitFor();
  await page.locator(".leaflet-container").first().waitFor();
  await page.getByRole("button", { name: "Day, note, remove: Colosseum" }).click();
  await page.getByRole("button", { name: "Suggest an order" }).click();
  await page.locator(".day-order .notice").waitFor();
  await page.getByRole("button", { name: "Change name, date, note" }).click();
  await offered(page).first().waitFor();
  await look("trip");
  await page.getByRole("button", { name: "Delete the trip Rome in May" }).click();
  await look("deleting a trip");
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.route("**/itinerary/*", (route) => route.abort("connectionreset"));
  const note = page.getByRole("textbox", { name: "Note", exact: true });
  await note.fill("tickets at nine");
  await note.blur();
  await page.getByText("Not saved", { exact: true }).waitFor();
  await look("trip, not saved");
  await goTo(page, "Trips");
  await page.getByText("A change of “Rome in May” was not saved.").waitFor();
  await look("trips, one of them not saved");
  await page.unroute("**/itinerary/*");
  await page.getByRole("link", { name: /^Look at it/ }).click();
  await page.getByRole("button", { name: "Take back what I wrote" }).click();
  await page.getByText("Not saved", { exact: true }).waitFor({ state: "detached" });
}

async function past(page: Page, look: Look) {
  await goTo(page, "History");
  await heading(page, "Today").waitFor();
  await look("history");
  await page.getByRole("button", { name: /^Delete Colosseum/ }).click();
  await look("deleting an answer");
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("link", { name: "Colosseum" }).click();
  await heading(page, "Colosseum").waitFor();
  await offered(page).first().waitFor();
  await look("an answer of the history");
}

async function account(page: Page, look: Look) {
  await goTo(page, "Account");
  await page.getByText("Here since").waitFor();
  await page.getByRole("button", { name: "Change the username" }).click();
  await page.getByRole("button", { name: "Change it" }).click();
  await page.getByText("Use 3 to 32 characters.").waitFor();
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByRole("button", { name: "Delete my account" }).click();
  await look("account");
  await page.goto("./#/nowhere");
  await heading(page, "There is nothing here").waitFor();
  await look("no page");
}
