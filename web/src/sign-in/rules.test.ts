import { describe, expect, test } from "vitest";

import { ApiError } from "../api/errors";
import { checkEmail, checkNewPassword, checkUsername, fieldErrors } from "./rules";

describe("a new password", () => {
  test.each([
    ["a long walk in Rome", undefined],
    ["1234567", "at least 8"],
    ["        ", "more than spaces"],
    ["a".repeat(72), undefined],
    ["a".repeat(73), "too long"],
    // Bytes count, since bcrypt reads no more than 72.
    ["é".repeat(37), "too long"],
    // Seven characters, however they are typed.
    ["é".normalize("NFD").repeat(7), "at least 8"],
  ])("%j", (password, words) => {
    const said = checkNewPassword(password);
    if (words === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(words);
  });
});

test("slips in addresses and names are found; the rest is for the service to say", () => {
  expect(checkEmail(" anna@example.com ")).toBeUndefined();
  expect(checkEmail("anna.example.com")).toContain("anna@example.com");
  expect(checkUsername("Zoë")).toBeUndefined();
  expect(checkUsername("ab")).toContain("3 to 32");
});

test("what the service says of a field is shown at the field", () => {
  const errors = [
    { field: "username", message: "No spaces." },
    { field: "other", message: "Not ours." },
  ];
  const invalid = new ApiError(422, "…", { code: "invalid_fields", errors });
  expect(fieldErrors(invalid, ["email", "username"])).toEqual({ username: "No spaces." });
  const taken = new ApiError(409, "Taken.", { code: "email_taken" });
  expect(fieldErrors(taken, ["email"])).toEqual({ email: "Taken." });
  expect(fieldErrors(taken, ["password"])).toEqual({});
});
