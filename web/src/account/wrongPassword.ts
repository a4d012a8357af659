import { ApiError } from "../api/errors";

/** The API says that the password is wrong, not at which field: say it there. */
export async function wrongPasswordAt<T>(field: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "wrong_password")) throw error;
    const { status, detail, code, requestId } = error;
    throw new ApiError(status, detail, { code, requestId, errors: [{ field, message: detail }] });
  }
}
