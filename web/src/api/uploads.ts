// Photos that are too large for a request go to the bucket, by a form that the API gives.
import { ApiError } from "./errors";
import { exchange, type Outgoing } from "./http";
import type { UploadFormResponse } from "./models";
import { photoType } from "./requests";

// A request has 6 MB at most, in which a photo grows by a third.
export const LARGEST_IN_A_REQUEST_BYTES = 4_000_000;

/** Send a photo with the form, and return the key that stands for it. */
export async function uploadPhoto(
  form: UploadFormResponse,
  photo: Blob,
  sending: Pick<Outgoing, "onProgress" | "signal">,
): Promise<string> {
  if (photo.size > form.max_bytes) throw tooLarge(form.max_bytes);
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  if (!("Content-Type" in form.fields)) body.append("Content-Type", photoType(photo));
  // The last field: S3 reads nothing after it.
  body.append("file", photo, "photo");
  const sent = { method: "POST", url: form.url, body };
  const answer = await exchange({ ...sent, ...sending });
  if (answer.ok) return form.upload_key;
  const code = /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1];
  if (code === "EntityTooLarge") throw tooLarge(form.max_bytes);
  throw new ApiError(answer.status, "The photo could not be uploaded. Try again.");
}

function tooLarge(maxBytes: number): ApiError {
  const megabytes = Math.floor(maxBytes / 1024 / 1024);
  return new ApiError(413, `A photo has at most ${megabytes} MB.`, { code: "image_too_large" });
}
