// What the page says of photos that are not the easy ones.
import { expect, test } from "vitest";

import { photo } from "./addresses";
import { choosePhoto, goTo, heading, offered, signUp } from "./steps";
import { visit } from "./visit";

test("a photo of no known landmark is answered kindly, and one can say what it is", async () => {
  const { page } = await visit();
  await signUp(page);
  await choosePhoto(page, photo("konark-sun-temple"));
  await heading(page, "Not a landmark I know").waitFor();
  const answer = page.locator(".answer");
  await answer.getByText("What I see in it:").waitFor();
  expect(await answer.locator(".tags > li").count()).toBeGreaterThan(0);
  // Nothing is claimed: no name, no percentage, nothing to add to a trip.
  expect(await answer.getByRole("button", { name: /^Add to a trip/ }).count()).toBe(0);
  await offered(page).first().waitFor();

  await page.getByRole("button", { name: "Tell me" }).click();
  await page.getByRole("combobox", { name: "What does the photo show?" }).fill("konark");
  await page
    .getByRole("option", { name: /Konark/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByText(/^Thank you/).waitFor();

  await goTo(page, "History");
  await page.getByText(/You said it was .*Konark/).waitFor();
});

test("a wrong answer is corrected, in the history, too", async () => {
  const { page } = await visit();
  await signUp(page);
  await choosePhoto(page, photo("machu-picchu"));
  await heading(page, "Machu Picchu").waitFor();
  await page.getByRole("button", { name: "No", exact: true }).click();
  const field = page.getByRole("combobox", { name: "What does the photo show?" });
  await field.fill("my uncle's garden");
  await page.getByLabel("Anything else? (optional)").fill("It is only a model of it.");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByText(/^Thank you/).waitFor();

  await goTo(page, "History");
  await page.getByText("You said it was my uncle's garden").waitFor();
  await page.getByRole("link", { name: "Machu Picchu" }).click();
  await page.getByText("You said what this really is.").waitFor();
});

test("a file that is no picture is refused in words, and another one can be chosen", async () => {
  const { page } = await visit();
  await signUp(page);
  const broken = {
    name: "broken.jpg",
    mimeType: "image/jpeg",
    buffer: Buffer.from("not a picture"),
  };
  await page.getByLabel("Choose a photo").setInputFiles(broken);
  await page.getByText("The photo cannot be read.").waitFor();
  await choosePhoto(page, photo("great-wall-of-china"));
  await heading(page, "Great Wall of China").waitFor();
});
