// What differs from one deployment to another: config.json, beside index.html.

export interface Tiles {
  /** With {z}, {x} and {y}. */
  url: string;
  attribution: string;
}

export interface Settings {
  api_url: string;
  /** Null: the map draws outlines of its own, and no other host is asked. */
  tiles: Tiles | null;
}

/** The file is missing or says nothing useful: whoever put the page there has to mend it. */
export class SettingsError extends Error {
  constructor(detail: string) {
    super(`config.json ${detail}`);
    this.name = "SettingsError";
  }
}

export async function loadSettings(): Promise<Settings> {
  // A new deployment must be noticed, so the browser asks whether its copy is still good.
  const answer = await fetch(new URL("config.json", document.baseURI), { cache: "no-cache" });
  if (!answer.ok) throw new SettingsError(`cannot be read (${answer.status}).`);
  const found: unknown = await answer.json().catch(() => {
    throw new SettingsError("is not JSON.");
  });
  return readSettings(found);
}

export function readSettings(found: unknown): Settings {
  const { api_url, tiles } = (found ?? {}) as Partial<Settings>;
  if (typeof api_url !== "string" || !/^https?:\/\//.test(api_url)) {
    throw new SettingsError("has no api_url that begins with https://.");
  }
  if (tiles && (typeof tiles.url !== "string" || typeof tiles.attribution !== "string")) {
    throw new SettingsError("has tiles without url or attribution.");
  }
  return { api_url: api_url.replace(/\/+$/, ""), tiles: tiles ?? null };
}
