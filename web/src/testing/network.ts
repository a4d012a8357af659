// A network that is not there: answers are written by the test, requests are kept.
import { vi } from "vitest";

export interface Asked {
  method: string;
  url: string;
  headers: Headers;
  body: unknown;
}

type Answering = (asked: Asked) => Response | Promise<Response>;

/** Answer every `fetch` by `answering`; returns what has been asked. */
export function stubFetch(answering: Answering): Asked[] {
  const asked: Asked[] = [];
  const fetch = async (url: string | URL, request: RequestInit = {}) => {
    const { method = "GET", headers, body } = request;
    const one = { method, url: String(url), headers: new Headers(headers), body };
    asked.push(one);
    return answering(one);
  };
  vi.stubGlobal("fetch", fetch);
  return asked;
}

/** Requests with progress, which go on only as the test says. */
export class FakeRequest {
  static all: FakeRequest[] = [];

  method = "";
  url = "";
  headers = new Headers();
  body: unknown;
  aborted = false;
  status = 0;
  response: ArrayBuffer | null = null;
  responseType = "";
  upload: {
    onprogress?: (event: { lengthComputable: boolean; loaded: number; total: number }) => void;
    onload?: () => void;
  } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  #answered = "";

  static install(): void {
    FakeRequest.all = [];
    vi.stubGlobal("XMLHttpRequest", FakeRequest);
  }

  static get last(): FakeRequest {
    const last = FakeRequest.all.at(-1);
    if (!last) throw new Error("Nothing has been sent.");
    return last;
  }

  open(method: string, url: string): void {
    this.method = method;
    this.url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }

  send(body: unknown): void {
    this.body = body;
    FakeRequest.all.push(this);
  }

  abort(): void {
    this.aborted = true;
    this.onabort?.();
    this.onloadend?.();
  }

  getAllResponseHeaders(): string {
    return this.#answered;
  }

  progress(loaded: number, total: number): void {
    this.upload.onprogress?.({ lengthComputable: true, loaded, total });
    if (loaded === total) this.upload.onload?.();
  }

  answer(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.status = status;
    const all = { "content-type": "application/json", ...headers };
    this.#answered = Object.entries(all)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join("");
    const text = typeof body === "string" ? body : JSON.stringify(body);
    this.response = new TextEncoder().encode(text).buffer as ArrayBuffer;
    this.onload?.();
    this.onloadend?.();
  }

  fail(): void {
    this.onerror?.();
    this.onloadend?.();
  }
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const all = { "content-type": "application/json", ...headers };
  return new Response(JSON.stringify(value), { status, headers: all });
}

/** A problem document, as the functions of the API answer. */
export function problem(status: number, code: string, more: object = {}, headers = {}): Response {
  const document = { type: "about:blank", title: code, status, detail: `${code}.`, code };
  return json({ ...document, request_id: "r-1", ...more }, status, {
    "content-type": "application/problem+json",
    ...headers,
  });
}

/** What the gateway before them answers. */
export function gateway(status: number, message: string, headers = {}): Response {
  return json({ message }, status, headers);
}
