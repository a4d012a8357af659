// Putting the stops of a trip in order, by the keyboard and by the mouse.
import type { Locator, Page } from "playwright-core";

/** Move a stop as somebody without a mouse does: picked up, taken some places on, put down. */
export async function moveByKeyboard(page: Page, stop: string, places: number): Promise<void> {
  await handle(page, stop).focus();
  await page.keyboard.press("Space");
  // Where it would be is said right after.
  await heard(page, new RegExp(`${stop} (is picked up|would be)`));
  for (let moved = 0; moved < Math.abs(places); moved += 1) {
    const before = await spoken(page).innerText();
    await page.keyboard.press(places > 0 ? "ArrowDown" : "ArrowUp");
    // Each step is heard before the next one.
    await spoken(page).filter({ hasNotText: before }).waitFor({ state: "attached" });
  }
  await page.keyboard.press("Space");
  await heard(page, `${stop} is put down`);
}

/** Drag a stop by its handle onto another one, where it is to be as `place` says: "stop 1 of 4". */
export async function drag(page: Page, stop: string, onto: string, place: string): Promise<void> {
  await handle(page, onto).scrollIntoViewIfNeeded();
  const [from, to] = [await middle(handle(page, stop)), await middle(handle(page, onto))];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 12 });
  await heard(page, `${stop} would be ${place}`);
  await page.mouse.up();
  await heard(page, `${stop} is put down`);
}

const spoken = (page: Page) => page.locator("[id^=DndLiveRegion]");

const heard = (page: Page, words: string | RegExp) =>
  spoken(page).filter({ hasText: words }).waitFor({ state: "attached" });

function handle(page: Page, stop: string): Locator {
  return page.getByRole("button", { name: `Move ${stop}`, exact: true });
}

async function middle(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox();
  if (!box) throw new Error("There is nothing to drag.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
