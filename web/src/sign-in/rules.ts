// What the API wants of a new account, said and checked beforehand. The API decides.
import { ApiError } from "../api/errors";

export type Errors = Partial<Record<string, string>>;

export const PASSWORD_HINT =
  "At least 8 characters, and not your name or address. A few words are easy to remember.";
export const USERNAME_HINT = "3 to 32 letters and digits, with . _ - between them.";

const MIN_PASSWORD_CHARACTERS = 8;
const MAX_PASSWORD_BYTES = 72;
const MIN_USERNAME_CHARACTERS = 3;
const MAX_USERNAME_CHARACTERS = 32;

/** What is wrong with a new password; undefined where nothing is. */
export function checkNewPassword(text: string): string | undefined {
  // As the service does: as the same characters, however they were typed.
  const password = text.normalize("NFC");
  if ([...password].length < MIN_PASSWORD_CHARACTERS) {
    return `Use at least ${MIN_PASSWORD_CHARACTERS} characters.`;
  }
  if (new TextEncoder().encode(password).length > MAX_PASSWORD_BYTES) {
    return `That is too long: use at most ${MAX_PASSWORD_BYTES} letters, fewer if they have accents.`;
  }
  if (password.trim() === "") return "Use more than spaces.";
  return undefined;
}

export function checkEmail(text: string): string | undefined {
  // Only what is surely a slip; which addresses there are, mail servers know.
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim())
    ? undefined
    : "Write an e-mail address, as in anna@example.com.";
}

export function checkUsername(text: string): string | undefined {
  const { length } = [...text.trim()];
  return length >= MIN_USERNAME_CHARACTERS && length <= MAX_USERNAME_CHARACTERS
    ? undefined
    : `Use ${MIN_USERNAME_CHARACTERS} to ${MAX_USERNAME_CHARACTERS} characters.`;
}

const FIELD_OF_CODE: Errors = { email_taken: "email", username_taken: "username" };

/** What the API says of single fields, by their names, of those that the form has. */
export function fieldErrors(error: unknown, fields: readonly string[]): Errors {
  if (!(error instanceof ApiError)) return {};
  const taken = error.code && FIELD_OF_CODE[error.code];
  if (taken && fields.includes(taken)) return { [taken]: error.detail };
  const known = error.errors.filter(({ field }) => fields.includes(field));
  return Object.fromEntries(known.map(({ field, message }) => [field, message]));
}
