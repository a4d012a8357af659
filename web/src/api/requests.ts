// How requests of the API are written: addresses, bodies, keys.
import type { Outgoing } from "./http";

export type Body = Pick<Outgoing, "headers" | "body">;

export const JSON_TYPE = { "content-type": "application/json" };

export function jsonBody(value: object): Body {
  return { headers: JSON_TYPE, body: JSON.stringify(value) };
}

export function photoBody(photo: Blob): Body {
  return { headers: { "content-type": photoType(photo) }, body: photo };
}

export function photoForm(photo: Blob, prompt: string): Body {
  const form = new FormData();
  form.append("prompt", prompt);
  form.append("file", photo, "photo");
  // The browser writes the content type, with the boundary it has chosen.
  return { body: form };
}

/** The address of one thing of many. */
export function at(path: string, id: string): string {
  return `${path}/${encodeURIComponent(id)}`;
}

/** A query of what is given; what is not, is left out. */
export function asQuery(query: object): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

/** A key for a request that may be sent twice and shall be done once. */
export function newKey(): string {
  // Not randomUUID, which pages without TLS have not.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The type to send a photo with: the service looks at its bytes, and wants a type of an image. */
export function photoType(photo: Blob): string {
  return photo.type.startsWith("image/") ? photo.type : "image/jpeg";
}
