// What a run is told by environment variables.
import { resolve } from "node:path";

/** Where the page is, with a slash at the end: WEB_URL. */
export const page = () => `${required("WEB_URL").replace(/\/+$/, "")}/`;

/** Where its API is: API_URL. */
export const api = () => required("API_URL").replace(/\/+$/, "");

/** The browser to drive: CHROMIUM, or Debian's. */
export const chromiumPath = () => process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Where to keep what was downloaded, for others to look at: KEPT_FILES; else nothing is kept. */
export const keptFiles = () => process.env.KEPT_FILES;

/** A photo of tests/photos. */
export function photo(name: string): string {
  return resolve(import.meta.dirname, "../../tests/photos", `${name}.jpg`);
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} has to say where that is, as in ${name}=http://127.0.0.1:…`);
  return value;
}
