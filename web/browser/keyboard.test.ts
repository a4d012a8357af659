// Without a mouse: everything can be reached, and the focus is never lost.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { photo } from "./addresses";
import { heading, newAccount, offered, saved, stops, welcome } from "./steps";
import { moveByKeyboard } from "./tripSteps";
import { visit } from "./visit";

test("a trip is planned from a photo with the keyboard alone", async () => {
  const { page } = await visit();
  const account = newAccount();
  await page.goto("./");
  await welcome(page).waitFor();

  await tabTo(page, "E-mail");
  await page.keyboard.type(account.email);
  await tabTo(page, "Username");
  await page.keyboard.type(account.username);
  await tabTo(page, "Password");
  await page.keyboard.type(account.password);
  await page.keyboard.press("Enter");
  await heading(page, "Where was this taken?").waitFor();

  const chooser = page.waitForEvent("filechooser");
  await tabTo(page, "Choose a photo");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(photo("colosseum"));
  await heading(page, "Colosseum").waitFor();
  await offered(page).nth(1).waitFor();

  await tabTo(page, "Yes");
  await page.keyboard.press("Enter");
  await page.getByText(/^Thank you/).waitFor();
  await expectFocus(page);

  await add(page, "Colosseum", "Rome");
  const places = [];
  for (const at of [0, 1]) {
    const name = await offered(page).nth(at).getByRole("heading").innerText();
    places.push(name);
    await add(page, name);
  }

  await tabTo(page, "Trips", { backwards: true });
  await page.keyboard.press("Enter");
  await heading(page, "Your trips").waitFor();
  await page.getByRole("link", { name: "Rome", exact: true }).waitFor();
  await tabTo(page, "Rome");
  await page.keyboard.press("Enter");
  await heading(page, "Rome").waitFor();
  await expect.poll(() => stops(page)).toEqual(["Colosseum", ...places]);

  await tabTo(page, "Move Colosseum");
  await moveByKeyboard(page, "Colosseum", 1);
  await expect.poll(async () => (await stops(page))[1]).toBe("Colosseum");
  await tabTo(page, "Earlier: Colosseum");
  await page.keyboard.press("Enter");
  await expect.poll(() => stops(page)).toEqual(["Colosseum", ...places]);
  await expect.poll(() => focused(page)).toBe("Earlier: Colosseum");
  await saved(page);

  const [removed = ""] = places;
  await tabTo(page, `Day, note, remove: ${removed}`);
  await page.keyboard.press("Enter");
  await tabTo(page, `Remove ${removed}`);
  await page.keyboard.press("Enter");
  await expect.poll(() => stops(page)).toHaveLength(2);
  await expect.poll(() => focused(page)).toBe("Undo");
  await page.keyboard.press("Enter");
  await expect.poll(() => stops(page)).toHaveLength(3);
  await saved(page);

  await tabTo(page, "History", { backwards: true });
  await page.keyboard.press("Enter");
  await heading(page, "Today").waitFor();
  await tabTo(page, /^Delete Colosseum/);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toMatch(/^Delete Colosseum/);
  await page.keyboard.press("Enter");
  await tabTo(page, "Delete it");
  await page.keyboard.press("Enter");
  await page.getByText(/^Nothing yet/).waitFor();
  await expect.poll(() => focused(page)).toBe("History");
});

test("the first stop of the Tab key leads past the navigation", async () => {
  const { page } = await visit();
  await page.goto("./");
  await welcome(page).waitFor();
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
});

/** Put a place into a trip: a new one of this name, or the one that is offered. */
async function add(page: Page, place: string, newTrip?: string) {
  const button = `Add to a trip: ${place}`;
  await tabTo(page, button);
  await page.keyboard.press("Enter");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Add it/ })
    .waitFor();
  if (newTrip) {
    await tabTo(page, "What is it called?");
    await page.keyboard.type(newTrip);
  } else await tabTo(page, "Which day?");
  await tabTo(page, "Add it");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  // Back where one was.
  await expect.poll(() => focused(page)).toMatch(/^Add to (a|another) trip/);
}

const MOST_STOPS = 150;

/** Press Tab until something of this name has the focus, and can be seen to have it. */
async function tabTo(page: Page, name: string | RegExp, { backwards = false } = {}) {
  const passed: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    const now = await focused(page);
    if (typeof name === "string" ? now === name : name.test(now)) {
      await expectFocus(page);
      return;
    }
    passed.push(now);
    await page.keyboard.press(backwards ? "Shift+Tab" : "Tab");
  }
  throw new Error(`The Tab key does not lead to ${name}, but to: ${passed.join(" | ")}`);
}

/** The name of what has the focus, as a screen reader would say it, or nearly so. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "";
    const label = (element as HTMLInputElement).labels?.[0]?.textContent;
    const text = element.getAttribute("aria-label") ?? label ?? element.textContent ?? "";
    return text.replace(/\s+/g, " ").trim();
  });
}

/** That something has the focus, with an outline of its own or of the label around it. */
async function expectFocus(page: Page) {
  const seen = await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "nothing";
    // What the page itself gave the focus to is read, not pressed.
    if (element.getAttribute("tabindex") === "-1") return "outlined";
    const outlined = [element, element.closest("label")].some(
      (one) => one && getComputedStyle(one).outlineStyle !== "none",
    );
    return outlined ? "outlined" : element.outerHTML.slice(0, 120);
  });
  expect(seen).toBe("outlined");
}
