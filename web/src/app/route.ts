// Where in the page one is: the part of the address behind '#', so that any host can serve it.
import { useSyncExternalStore } from "react";

const HOME = ["photo"];
const RESET_TOKEN = /^#(?:\/reset[#?])?token=(.+)$/;

/** The parts of the address: `#/trips/7` is ["trips", "7"]. */
export function usePath(): string[] {
  return useSyncExternalStore(subscribe, currentPath);
}

/** Go to a path as `/trips/7`. */
export function navigate(path: string): void {
  location.hash = `#${path}`;
}

/** The token of a password reset, where the address is the one of the mail. */
export function resetToken(hash: string = location.hash): string | null {
  const found = RESET_TOKEN.exec(hash)?.[1];
  return found === undefined ? null : decode(found);
}

/** Take the token out of the address, so that neither history nor a screenshot keeps it. */
export function forgetResetToken(): void {
  history.replaceState(null, "", "#/reset");
}

export function readPath(hash: string): string[] {
  if (resetToken(hash) !== null) return ["reset"];
  const parts = hash.replace(/^#/, "").split("/").filter(Boolean).map(decode);
  return parts.length > 0 ? parts : HOME;
}

let seen = "";
let path = HOME;

/** The same array for as long as the address stays the same. */
function currentPath(): string[] {
  if (location.hash !== seen) {
    seen = location.hash;
    path = readPath(seen);
  }
  return path;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Typed by hand.
    return text;
  }
}
