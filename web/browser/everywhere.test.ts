// What holds of every page: no barrier that axe knows of, by day and by night, and room on a phone.
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { tour } from "./tour";
import { visit } from "./visit";

test("axe finds no barrier on any page, light or dark", async () => {
  const { page } = await visit();
  const found: string[] = [];
  await tour(page, async (name) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      found.push(...(await barriers(page)).map((barrier) => `${name}, ${colorScheme}: ${barrier}`));
    }
  });
  expect(found).toEqual([]);
});

test.each([320, 390])("nothing scrolls sideways on a screen of %i px", async (width) => {
  const { page } = await visit({
    viewport: { width, height: 640 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  });
  const found: string[] = [];
  await tour(page, async (name) => {
    found.push(...(await tooWide(page)).map((what) => `${name}: ${what}`));
    found.push(...(await tooSmall(page)).map((what) => `${name}: ${what}`));
  });
  expect(found).toEqual([]);
});

async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: engine } = window as unknown as { axe: typeof axe };
    const { violations } = await engine.run(document, {
      // WCAG 2.2's own size of what is touched, which axe leaves out unless asked.
      rules: { "target-size": { enabled: true } },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`),
    );
  });
}

/** What reaches out of the screen: how far, and which element the farthest. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const all = [...document.querySelectorAll("body *")];
    const right = (element: Element) => element.getBoundingClientRect().right;
    const [farthest] = all.sort((one, other) => right(other) - right(one));
    return [`${scrollWidth} px wide on ${clientWidth}, by ${farthest?.outerHTML.slice(0, 120)}`];
  });
}

/** Buttons and fields that a thumb would miss: 44 px is what the design says. */
function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const smallest = 44;
    // Pins on the map give way to each other; each has a button in the list beside it.
    const pressed =
      "button:not(.map-pin), select, input:not([type=radio], [type=checkbox], [type=file]), .button";
    return [...document.querySelectorAll<HTMLElement>(pressed)].flatMap((element) => {
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return [];
      const { width, height } = element.getBoundingClientRect();
      // What is only there for the keyboard lies outside, or has the size of a pixel until then.
      if (width <= 1 || (width >= smallest - 0.5 && height >= smallest - 0.5)) return [];
      const size = `${Math.round(width)} × ${Math.round(height)} px`;
      return [`${size} are too few to press: ${element.outerHTML.slice(0, 120)}`];
    });
  });
}
