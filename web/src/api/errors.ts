// What can go wrong with a request. Everything else that is thrown is a defect of this page.
import type { FieldError } from "./models";

/** What an answer that says no may have beside its status and its sentence. */
export interface Particulars {
  code?: string | undefined;
  errors?: FieldError[] | undefined;
  requestId?: string | undefined;
  retryAfterSeconds?: number | undefined;
}

/** The service said no. `code` is stable; it is missing where the gateway before it answered. */
export class ApiError extends Error {
  readonly code: string | undefined;
  readonly errors: FieldError[];
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly status: number,
    readonly detail: string,
    particulars: Particulars = {},
  ) {
    super(detail);
    this.name = "ApiError";
    this.code = particulars.code;
    this.errors = particulars.errors ?? [];
    this.requestId = particulars.requestId;
    this.retryAfterSeconds = particulars.retryAfterSeconds;
  }
}

export type NoConnection = "offline" | "unreachable" | "timeout";

/** No answer came, so that nobody knows whether the request was done. */
export class ConnectionError extends Error {
  constructor(readonly reason: NoConnection) {
    super(reason);
    this.name = "ConnectionError";
  }
}

/** Nobody is signed in any more: the password is needed again. */
export class SessionEndedError extends Error {
  constructor() {
    super("The session has ended.");
    this.name = "SessionEndedError";
  }
}

/** Tell whether somebody gave up waiting, which is no error to show. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
