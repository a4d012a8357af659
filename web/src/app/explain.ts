// Errors in words that a traveller understands.
import { ApiError, ConnectionError, SessionEndedError } from "../api/errors";
import type { FieldError } from "../api/models";
import { SettingsError } from "./settings";

export interface Explanation {
  title: string;
  text: string;
  /** What to change, where that is known. */
  fields: FieldError[];
  /** How long to wait before it makes sense to try again; null where trying again will not help. */
  retryAfterSeconds: number | null;
  /** What to name to whoever runs the service. */
  requestId: string | undefined;
}

interface Words {
  title: string;
  text: string;
}

const NO_CONNECTION: Record<ConnectionError["reason"], Words> = {
  offline: {
    title: "You are offline",
    text: "Nothing is lost. Try again when you have a connection.",
  },
  unreachable: {
    title: "The service cannot be reached",
    text: "Your connection may have dropped for a moment. Nothing is lost: try again.",
  },
  timeout: {
    title: "This takes too long",
    text: "No answer came in time. Your connection may be slow: try again.",
  },
};

/** Codes of the API that are worth other words than its own. */
const BY_CODE: Record<string, Words> = {
  account_not_found: {
    title: "This account is gone",
    text: "It has been deleted. You can sign up again.",
  },
  email_taken: {
    title: "You have an account already",
    text: "There is an account with this e-mail address: sign in instead.",
  },
  image_format_unsupported: {
    title: "This kind of picture cannot be read",
    text:
      "Use a JPEG, PNG, WebP or GIF. An iPhone's HEIC photo becomes a JPEG when you share it by " +
      "mail, or take a screenshot of it.",
  },
  image_missing: {
    title: "The photo is empty",
    text: "The file has nothing in it. Choose another.",
  },
  image_too_large: { title: "The photo is too large", text: "Choose a smaller one, or crop it." },
  image_too_many_pixels: {
    title: "The photo is too large",
    text: "It has more than 50 megapixels. Choose a smaller one, or crop it.",
  },
  image_unreadable: {
    title: "The photo cannot be read",
    text: "The file is damaged, or it is not a picture. Choose it again, or choose another.",
  },
  invalid_credentials: {
    title: "That did not match",
    text: "The e-mail address or the password is wrong.",
  },
  password_reset_unavailable: {
    title: "No mail can be sent from here",
    text: "This service sends no mail, so that a password cannot be reset by it.",
  },
  precondition_failed: {
    title: "This has changed in the meantime",
    text: "It was changed in another window or on another device. Look at it again first.",
  },
  prediction_not_found: { title: "This photo is gone", text: "It has been deleted." },
  reset_token_invalid: {
    title: "This link is not good any more",
    text: "A link works once, and for an hour. Ask for another one.",
  },
  too_many_attempts: {
    title: "Too many attempts",
    text: "For safety the next one has to wait a little.",
  },
  too_many_uploads: {
    title: "Enough large photos for today",
    text: "There is a limit to large photos in a day. Smaller ones are always welcome.",
  },
  username_taken: { title: "This username is taken", text: "Choose another one." },
  wrong_password: { title: "That password is wrong", text: "Type your current password." },
};

const BUSY: Words = { title: "The service is busy", text: "It could not answer this time." };

/** Where there is no code, the gateway answered, or a bucket. */
const BY_STATUS: Record<number, Words> = {
  // Of a token that is new: an old one has been exchanged before anybody hears of it. The gateway
  // lets nobody in while it cannot read the keys to check tokens with.
  401: BUSY,
  403: BUSY,
  404: { title: "There is nothing here", text: "It may have been deleted." },
  413: { title: "This is too large", text: "Choose a smaller photo." },
  429: { title: "The service is busy", text: "Many people are asking at once." },
};

const FAILED: Words = {
  title: "The service has a problem",
  text: "It is not your fault, and nothing is lost.",
};
const DEFECT: Words = {
  title: "Something went wrong on this page",
  text: "Load the page again. If that does not help, it is a mistake of ours.",
};

export function explain(error: unknown): Explanation {
  if (error instanceof ApiError) return explainAnswer(error);
  if (error instanceof ConnectionError) return say(NO_CONNECTION[error.reason], 0);
  if (error instanceof SessionEndedError) {
    return say({ title: "You have been signed out", text: "Sign in again to go on." });
  }
  if (error instanceof SettingsError) {
    return say({ title: "This page is not set up", text: error.message }, 0);
  }
  return say(DEFECT, 0);
}

function explainAnswer(error: ApiError): Explanation {
  const { status, code, detail, errors, requestId } = error;
  const words =
    (code && BY_CODE[code]) ||
    (status === 503 ? BUSY : status >= 500 ? FAILED : undefined) ||
    (!code && BY_STATUS[status]) ||
    (errors.length > 0
      ? { title: "Something has to be changed", text: "" }
      : { title: "That did not work", text: detail });
  // What a function says is busy says when to come back; a gateway does not.
  const turnedAway = status === 429 || (!code && (status === 401 || status === 403));
  const again = turnedAway || status >= 500 || error.retryAfterSeconds !== undefined;
  const seconds = error.retryAfterSeconds ?? (turnedAway ? 5 : 0);
  // An id is of use only where somebody has to look what happened.
  const isDefect = status >= 500 && status !== 501 && status !== 503;
  return {
    ...words,
    fields: errors,
    retryAfterSeconds: again && status !== 501 ? seconds : null,
    requestId: isDefect ? requestId : undefined,
  };
}

function say(words: Words, retryAfterSeconds: number | null = null): Explanation {
  return { ...words, fields: [], retryAfterSeconds, requestId: undefined };
}

/** "in 40 seconds", "in 12 minutes". */
export function inTime(seconds: number): string {
  if (seconds < 120) return seconds === 1 ? "in a second" : `in ${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `in ${minutes} minutes` : `in ${Math.ceil(minutes / 60)} hours`;
}
