import { expect, test } from "vitest";

import { json, stubFetch } from "../testing/network";
import { loadSettings, readSettings, SettingsError } from "./settings";

const API = "https://api.test";

test("the API's address loses the slash at its end, which every path begins with", () => {
  expect(readSettings({ api_url: `${API}/` })).toEqual({ api_url: API, tiles: null });
});

test.each([
  [null, "api_url"],
  [{ api_url: "api.test" }, "api_url"],
  // Would run in the page.
  [{ api_url: "javascript:alert(1)" }, "api_url"],
  [{ api_url: API, tiles: { url: "https://tiles.test/{z}" } }, "attribution"],
])("%j is refused, and it is said what is missing", (found, missing) => {
  expect(() => readSettings(found)).toThrow(SettingsError);
  expect(() => readSettings(found)).toThrow(missing);
});

test("the file lies beside the page, wherever that is", async () => {
  const asked = stubFetch(() => json({ api_url: API, tiles: null }));
  await loadSettings();
  expect(asked[0]?.url).toBe(new URL("config.json", document.baseURI).href);
});

test("a host that answers everything with its page is found out", async () => {
  stubFetch(() => new Response("<!doctype html>"));
  await expect(loadSettings()).rejects.toThrow("config.json is not JSON.");
});
