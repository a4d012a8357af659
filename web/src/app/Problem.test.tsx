import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";

import { ApiError, ConnectionError, SessionEndedError } from "../api/errors";
import { explain, inTime } from "./explain";
import { Problem } from "./Problem";

afterEach(() => {
  vi.useRealTimers();
});

test.each<[unknown, RegExp, number | null]>([
  [new ConnectionError("offline"), /You are offline.*Nothing is lost/, 0],
  [new ConnectionError("unreachable"), /cannot be reached/, 0],
  [new ConnectionError("timeout"), /takes too long/, 0],
  [new SessionEndedError(), /signed out/, null],
  [new ApiError(429, "Too Many Requests"), /busy/, 5],
  [new ApiError(503, "Service Unavailable"), /busy/, 0],
  [new ApiError(401, "Unauthorized"), /^The service is busy/, 5],
  [new ApiError(403, "Forbidden"), /^The service is busy/, 5],
  [new ApiError(403, "…", { code: "wrong_password" }), /password is wrong/, null],
  [new ApiError(429, "…", { code: "too_many_attempts", retryAfterSeconds: 8 }), /Too many/, 8],
  [new ApiError(413, "Request Too Large"), /too large/, null],
  [new ApiError(415, "…", { code: "image_format_unsupported" }), /HEIC/, null],
  [new ApiError(501, "…", { code: "password_reset_unavailable" }), /no mail/, null],
  [new ApiError(500, "Internal error"), /service has a problem/, 0],
  [new ApiError(409, "Delete one.", { code: "too_many_itineraries" }), /Delete one/, null],
  [new Error("x is not a function"), /Something went wrong on this page/, 0],
])("%s is explained, and whether trying again helps", (error, words, retryAfterSeconds) => {
  const { title, text, ...rest } = explain(error);
  expect(`${title}. ${text}`).toMatch(words);
  expect(rest.retryAfterSeconds).toBe(retryAfterSeconds);
});

test("fields are named one by one, in an alert", () => {
  const errors = [{ field: "name", message: "At most 120 characters." }];
  render(<Problem error={new ApiError(422, "…", { code: "invalid_fields", errors })} />);
  expect(screen.getByRole("alert").textContent).toContain("At most 120 characters.");
});

test("only what somebody has to look into names the request", () => {
  const broken = new ApiError(500, "…", { code: "internal_error", requestId: "r-9" });
  const { rerender } = render(<Problem error={broken} />);
  expect(screen.getByRole("alert").textContent).toContain("r-9");
  const wrong = new ApiError(401, "…", { code: "invalid_credentials", requestId: "r-9" });
  rerender(<Problem error={wrong} />);
  expect(screen.getByRole("alert").textContent).not.toContain("r-9");
});

test("trying again waits for as long as the service asks, and is not offered in vain", () => {
  vi.useFakeTimers();
  const onRetry = vi.fn();
  const busy = new ApiError(503, "…", { code: "service_unavailable", retryAfterSeconds: 3 });
  const { rerender } = render(<Problem error={busy} onRetry={onRetry} />);
  expect(screen.getByRole("alert").textContent).toContain("Try again in 3 seconds.");
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Try again (3 s)" });
  expect(button.disabled).toBe(true);
  act(() => void vi.advanceTimersByTime(3000));
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(onRetry).toHaveBeenCalledOnce();
  rerender(<Problem error={new ApiError(413, "…")} onRetry={onRetry} />);
  expect(screen.queryByRole("button")).toBeNull();
});

test.each([
  [1, "in a second"],
  [45, "in 45 seconds"],
  [600, "in 10 minutes"],
  [40_000, "in 12 hours"],
])("%s s is %s", (seconds, words) => {
  expect(inTime(seconds)).toBe(words);
});
