// How much is fetched before anything can be done. Needs a build (WEB_DIST), and no browser.
import { resolve } from "node:path";
import { expect, test } from "vitest";

import { type Size, sizes, total } from "./firstLoad";

const DIST = process.env.WEB_DIST ?? resolve(import.meta.dirname, "../dist");
// What the page promises (docs/web.md): on a slow phone some two seconds.
const MOST_BYTES = 200_000;

test("the first load has less than 200 kB, compressed as most hosts do it", async () => {
  const all = await sizes(DIST);
  const first = all.filter((size) => size.first);
  tell("First load", first);
  tell(
    "Fetched when needed",
    all.filter((size) => !size.first),
  );
  expect(first.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["JS", "CSS", "HTML"]));
  expect(total(first, "gzip")).toBeLessThan(MOST_BYTES);
});

test("all scripts together have less than 200 kB", async () => {
  const scripts = (await sizes(DIST)).filter(({ kind }) => kind === "JS");
  expect(total(scripts, "gzip")).toBeLessThan(MOST_BYTES);
});

test("the map and the outlines of the world wait until there is a map", async () => {
  const all = await sizes(DIST);
  const outlines = all.filter(({ kind }) => kind === "JSON");
  expect(outlines).not.toEqual([]);
  expect(outlines.filter(({ first }) => first)).toEqual([]);
  const map = all.find(({ name }) => /leaflet/i.test(name) && name.endsWith(".js"));
  expect(map?.first).toBe(false);
});

function tell(title: string, of: Size[]) {
  const kB = (bytes: number) => `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
  const line = (name: string, sizes: Size[]) =>
    `  ${name.padEnd(8)}${kB(total(sizes, "bytes"))}  gzip ${kB(total(sizes, "gzip"))}  brotli ${kB(total(sizes, "brotli"))}`;
  console.log(title);
  for (const kind of ["HTML", "JS", "CSS", "JSON", "others"] as const) {
    const some = of.filter((size) => size.kind === kind);
    if (some.length > 0) console.log(line(kind, some));
  }
  console.log(line("all", of));
}
