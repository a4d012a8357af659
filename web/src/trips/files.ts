// A trip as a file: what it is called, and how it gets onto the device.

const MOST_CHARACTERS = 60;

/** "Rome-and-around.gpx" for “Rome, and around!”: letters of any script, and nothing a disk minds. */
export function fileName(tripName: string, ending: "gpx" | "ics"): string {
  const words = tripName.normalize("NFC").split(/[^\p{L}\p{M}\p{N}]+/u);
  const whole = [...words.filter(Boolean).join("-")].slice(0, MOST_CHARACTERS).join("");
  return `${whole.replace(/-+$/, "") || "trip"}.${ending}`;
}

/** Offer a file for saving, as if a link to it had been followed. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has its own hold on it by then; some browsers take a moment to get one.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
