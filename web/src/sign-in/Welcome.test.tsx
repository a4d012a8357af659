import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ApiError } from "../api/errors";
import { renderWith } from "../testing/services";
import { ResetPage } from "./ResetPage";
import { Welcome } from "./Welcome";

function fill(values: Record<string, string>): void {
  for (const [label, value] of Object.entries(values)) {
    fireEvent.change(screen.getByLabelText(label), { target: { value } });
  }
}

const ANNA = { "E-mail": "anna@example.com", Username: "anna", Password: "a long walk" };
const newHere = () => fireEvent.click(screen.getByLabelText("I am new here"));

test("the rules for a password are told before one is chosen", () => {
  renderWith(<Welcome />);
  newHere();
  const field = screen.getByLabelText("Password");
  const hint = document.getElementById(field.getAttribute("aria-describedby") ?? "");
  expect(hint?.textContent).toContain("At least 8 characters");
});

test("a slip is said at its field and nothing is sent", async () => {
  const signUp = vi.fn();
  renderWith(<Welcome />, { signUp });
  newHere();
  fill({ ...ANNA, Password: "short" });
  fireEvent.click(screen.getByRole("button", { name: "Create my account" }));
  const field = screen.getByLabelText("Password");
  await waitFor(() => expect(document.activeElement).toBe(field));
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("Use at least 8 characters.")).toBeTruthy();
  expect(signUp).not.toHaveBeenCalled();
});

test("what the service finds wrong is said at its field", async () => {
  const taken = new ApiError(409, "This username is taken.", { code: "username_taken" });
  renderWith(<Welcome />, { signUp: () => Promise.reject(taken) });
  newHere();
  fill(ANNA);
  fireEvent.click(screen.getByRole("button", { name: "Create my account" }));
  expect(await screen.findByText("This username is taken.")).toBeTruthy();
  expect(screen.getByLabelText("Username").getAttribute("aria-invalid")).toBe("true");
  expect(screen.queryByRole("alert")).toBeNull();
});

test("whoever has been here before is asked to sign in", async () => {
  const signIn = vi.fn(async () => {});
  renderWith(<Welcome />, { signIn });
  fill({ "E-mail": "anna@example.com", Password: "any password" });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  const typed = { email: "anna@example.com", password: "any password" };
  await waitFor(() => expect(signIn).toHaveBeenCalledWith(typed));
});

test("a wrong password is an alert, and the fields keep what they have", async () => {
  const wrong = new ApiError(401, "…", { code: "invalid_credentials" });
  renderWith(<Welcome />, { signIn: () => Promise.reject(wrong) });
  fill({ "E-mail": "anna@example.com", Password: "wrong" });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect((await screen.findByRole("alert")).textContent).toContain("did not match");
  expect(screen.getByLabelText<HTMLInputElement>("E-mail").value).toBe("anna@example.com");
});

test("a password can be looked at while it is typed", () => {
  renderWith(<Welcome />);
  const field = screen.getByLabelText("Password");
  expect(field.getAttribute("type")).toBe("password");
  fireEvent.click(screen.getByRole("button", { name: "Show the password" }));
  expect(field.getAttribute("type")).toBe("text");
});

test("a forgotten password is asked a mail for, and the answer gives nothing away", async () => {
  const message = "If this address has an account, a mail to it is on its way.";
  const requestReset = vi.fn(async () => ({ message }));
  renderWith(<Welcome />, { requestReset });
  fireEvent.click(screen.getByRole("button", { name: /forgotten/ }));
  fill({ "E-mail": "anna@example.com" });
  fireEvent.click(screen.getByRole("button", { name: "Send me the mail" }));
  expect((await screen.findByText(/on its way/)).textContent).toContain(message);
});

test("the link of the mail leads to another password", async () => {
  location.hash = "#token=01A.secret";
  const confirmReset = vi.fn(async () => {});
  const signOut = vi.fn(async () => {});
  renderWith(<ResetPage />, { confirmReset, signOut });
  expect(location.hash).toBe("#/reset");
  fill({ "New password": "another long walk" });
  fireEvent.click(screen.getByRole("button", { name: "Save it" }));
  expect(await screen.findByText(/Your password is changed/)).toBeTruthy();
  const sent = { token: "01A.secret", password: "another long walk" };
  expect(confirmReset).toHaveBeenCalledWith(sent);
  expect(signOut).toHaveBeenCalledOnce();
});

test("a link that is spent leads to another mail", async () => {
  location.hash = "#token=01A.spent";
  const spent = new ApiError(400, "…", { code: "reset_token_invalid" });
  renderWith(<ResetPage />, { confirmReset: () => Promise.reject(spent) });
  fill({ "New password": "another long walk" });
  fireEvent.click(screen.getByRole("button", { name: "Save it" }));
  expect((await screen.findByRole("alert")).textContent).toContain("not good any more");
  expect(screen.getByRole("button", { name: "Send me the mail" })).toBeTruthy();
});

test("a token that a mail has bare is typed beside the new password", async () => {
  location.hash = "#/reset";
  const confirmReset = vi.fn(async () => {});
  renderWith(<ResetPage />, { confirmReset, signOut: async () => {} });
  fill({ "New password": "another long walk" });
  fireEvent.click(screen.getByRole("button", { name: "Save it" }));
  expect(await screen.findByText("Copy it from the mail.")).toBeTruthy();
  fill({ "Token from the mail": " 01A.secret " });
  fireEvent.click(screen.getByRole("button", { name: "Save it" }));
  await screen.findByText(/Your password is changed/);
  const sent = { token: "01A.secret", password: "another long walk" };
  expect(confirmReset).toHaveBeenCalledWith(sent);
});
