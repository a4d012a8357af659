// One request, one answer: within a time limit, with its progress, and with what went wrong.
import { ApiError, ConnectionError } from "./errors";
import type { Problem } from "./models";

export interface Outgoing {
  method: string;
  url: string;
  headers?: Record<string, string> | undefined;
  body?: Blob | FormData | string | undefined;
  signal?: AbortSignal | undefined;
  /** Told the share of the body that has left, from 0 to 1. */
  onProgress?: ((share: number) => void) | undefined;
}

// The gateway gives up on a function after 30 s; a slow connection takes some more.
export const ANSWER_WITHIN_MS = 40_000;
// Of a body that is on its way. A phone in a tunnel sends nothing for a while and then goes on.
export const STALLED_AFTER_MS = 30_000;

/**
 * Send a request and read all of its answer, whatever its status.
 *
 * Throws `ConnectionError` where no answer comes, and the signal's reason where it is aborted.
 */
export async function exchange(outgoing: Outgoing): Promise<Response> {
  outgoing.signal?.throwIfAborted();
  // fetch cannot say whether a large body is still on its way.
  const large = outgoing.body !== undefined && typeof outgoing.body !== "string";
  return large ? byXmlHttpRequest(outgoing) : byFetch(outgoing);
}

async function byFetch({ method, url, headers, body, signal }: Outgoing): Promise<Response> {
  const ending = new AbortController();
  const abort = () => ending.abort();
  // The request itself is small, so that this is for the answer.
  const timer = setTimeout(abort, ANSWER_WITHIN_MS);
  signal?.addEventListener("abort", abort);
  try {
    const request: RequestInit = { method, body: body ?? null, signal: ending.signal };
    const answer = await fetch(url, { ...request, headers: headers ?? {}, cache: "no-store" });
    return asResponse(await answer.arrayBuffer(), answer.status, answer.headers);
  } catch {
    signal?.throwIfAborted();
    throw noConnection(ending.signal.aborted);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function byXmlHttpRequest({ method, url, headers, body, signal, onProgress }: Outgoing) {
  return new Promise<Response>((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let late = false;
    const abort = () => request.abort();
    const waitAtMost = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        late = true;
        abort();
      }, ms);
    };
    request.open(method, url);
    for (const [name, value] of Object.entries(headers ?? {}))
      request.setRequestHeader(name, value);
    request.responseType = "arraybuffer";
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      waitAtMost(STALLED_AFTER_MS);
      if (lengthComputable && total > 0) onProgress?.(loaded / total);
    };
    request.upload.onload = () => {
      waitAtMost(ANSWER_WITHIN_MS);
      onProgress?.(1);
    };
    request.onload = () => {
      const read = readHeaders(request.getAllResponseHeaders());
      resolve(asResponse(request.response as ArrayBuffer, request.status, read));
    };
    request.onerror = () => reject(noConnection(false));
    request.onabort = () => reject(late ? noConnection(true) : signal?.reason);
    request.onloadend = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    signal?.addEventListener("abort", abort);
    waitAtMost(STALLED_AFTER_MS);
    request.send(body ?? null);
  });
}

function noConnection(late: boolean): ConnectionError {
  // That a device is offline can be relied on; that it is online, not.
  if (!navigator.onLine) return new ConnectionError("offline");
  return new ConnectionError(late ? "timeout" : "unreachable");
}

function asResponse(body: ArrayBuffer, status: number, headers: Headers): Response {
  // A response without a body must not be given even an empty one.
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : body, { status, headers });
}

function readHeaders(lines: string): Headers {
  const headers = new Headers();
  for (const line of lines.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}

/** Tell an access token that is not good any more from what a function refuses. */
export function isRefusedByGateway(answer: Response): boolean {
  return (answer.status === 401 || answer.status === 403) && !isProblem(answer);
}

function isProblem(answer: Response): boolean {
  return answer.headers.get("content-type")?.startsWith("application/problem+json") ?? false;
}

/** Return the answer if it says yes; else throw what it says, as `ApiError`. */
export async function accept(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const said = (await answer.json().catch(() => null)) as (Partial<Problem> & Gateway) | null;
  throw new ApiError(answer.status, said?.detail ?? said?.message ?? "", {
    code: said?.code,
    errors: said?.errors,
    requestId: said?.request_id ?? answer.headers.get("x-request-id") ?? undefined,
    retryAfterSeconds: readRetryAfter(answer.headers.get("retry-after")),
  });
}

interface Gateway {
  message?: string | null;
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function readRetryAfter(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const seconds = Math.ceil((Date.parse(text) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
