import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ApiError } from "../api/errors";
import { type FakeApi, renderWith } from "../testing/services";
import { AccountPage } from "./AccountPage";

const PROFILE = {
  user_id: "01ANNA",
  email: "anna@example.com",
  username: "anna",
  created_at: "2026-05-01T10:00:00Z",
  itinerary_count: 1,
  prediction_count: 3,
};

function open(api: FakeApi = {}) {
  return renderWith(<AccountPage />, { showProfile: async () => PROFILE, ...api });
}

function fill(label: string, text: string) {
  fireEvent.change(screen.getByLabelText(label), { target: { value: text } });
}

function press(name: string) {
  fireEvent.click(screen.getByRole("button", { name }));
}

test("a username that is taken is said at its field", async () => {
  const changeProfile = vi
    .fn()
    .mockRejectedValueOnce(new ApiError(409, "This username is taken.", { code: "username_taken" }))
    .mockResolvedValueOnce({ ...PROFILE, username: "annabel" });
  open({ changeProfile });
  fireEvent.click(await screen.findByRole("button", { name: "Change the username" }));
  fill("New username", "annabel");
  press("Change it");
  const field = await waitFor(() => {
    const invalid = screen.getByLabelText("New username");
    expect(invalid.getAttribute("aria-invalid")).toBe("true");
    return invalid;
  });
  const said = field.getAttribute("aria-describedby")?.split(" ")[0] ?? "";
  expect(document.getElementById(said)?.textContent).toBe("This username is taken.");
  expect(document.activeElement).toBe(field);

  press("Change it");
  await screen.findByText("You are annabel now.");
  expect(document.activeElement?.textContent).toBe("Change the username");
});

test("a wrong password is said at the field for it", async () => {
  const refused = new ApiError(403, "The current password is wrong.", { code: "wrong_password" });
  const changePassword = vi.fn().mockRejectedValue(refused);
  open({ changePassword });
  press("Change the password");
  fill("Current password", "a slip of the hand");
  fill("New password", "another walk in Rome");
  press("Change it");
  await screen.findByText("The current password is wrong.");
  expect(screen.getByLabelText("Current password").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByLabelText("New password").getAttribute("aria-invalid")).toBeNull();
  expect(changePassword).toHaveBeenCalledWith({
    current_password: "a slip of the hand",
    new_password: "another walk in Rome",
  });
});

test("an account is deleted with its password only", async () => {
  const deleteAccount = vi.fn().mockResolvedValue(undefined);
  location.hash = "#/account";
  open({ deleteAccount });
  press("Delete my account");
  expect(await screen.findByText(/your trips \(1 trip\)/)).toBeTruthy();
  press("Delete everything");
  expect(deleteAccount).not.toHaveBeenCalled();
  fill("Password", "a long walk in Rome");
  press("Delete everything");
  await waitFor(() => expect(location.hash).toBe("#/photo"));
  expect(deleteAccount).toHaveBeenCalledWith({ password: "a long walk in Rome" });
});

test("an export is saved whole, under the day's name", async () => {
  const whole = {
    exported_at: "2026-05-01T10:00:00.000+00:00",
    profile: PROFILE,
    predictions: [{ landmark: "Colosseum" }],
    itineraries: [],
    sessions: [],
    usage: [],
    requests: [],
  };
  const saved: { name: string; url: string }[] = [];
  const blobs: Blob[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    blobs.push(blob as Blob);
    return "blob:export";
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push({ name: this.download, url: this.href });
  });
  open({ exportAccount: async () => whole });
  press("Export everything");
  await screen.findByText(/Saved as travel-data-2026-05-01.json/);
  expect(saved).toEqual([{ name: "travel-data-2026-05-01.json", url: "blob:export" }]);
  expect(JSON.parse((await blobs[0]?.text()) ?? "")).toEqual(whole);
});

test("one can sign out also where the account cannot be read", async () => {
  const signOut = vi.fn().mockResolvedValue(undefined);
  open({ showProfile: async () => Promise.reject(new ApiError(503, "")), signOut });
  await screen.findByRole("alert");
  press("Sign out");
  await waitFor(() => expect(signOut).toHaveBeenCalledWith(false));
  expect(location.hash).toBe("#/photo");
});
