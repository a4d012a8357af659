import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";

import { forgetResetToken, navigate, readPath, resetToken, usePath } from "./route";

test.each([
  ["", ["photo"]],
  ["#/", ["photo"]],
  ["#/trips", ["trips"]],
  ["#/trips/01%2F7", ["trips", "01/7"]],
  ["#/history/%E0%A4%A", ["history", "%E0%A4%A"]],
  ["#token=a.b", ["reset"]],
  ["#/reset#token=a.b", ["reset"]],
])("%s is %j", (hash, path) => {
  expect(readPath(hash)).toEqual(path);
});

test("the mail's link has the token, whatever page it is set up for", () => {
  expect(resetToken("#token=01A.s-_cret")).toBe("01A.s-_cret");
  expect(resetToken("#/reset#token=01A.s")).toBe("01A.s");
  expect(resetToken("#/reset")).toBeNull();
});

test("the token does not stay in the address", () => {
  location.hash = "#token=01A.secret";
  forgetResetToken();
  expect(location.href).not.toContain("secret");
  expect(readPath(location.hash)).toEqual(["reset"]);
});

test("going somewhere changes the path, and nothing else does", async () => {
  const { result, rerender } = renderHook(() => usePath());
  const before = result.current;
  rerender();
  expect(result.current).toBe(before);
  await act(async () => {
    navigate("/trips/7");
    window.dispatchEvent(new Event("hashchange"));
  });
  expect(result.current).toEqual(["trips", "7"]);
});
