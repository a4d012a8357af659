import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ConnectionError } from "../api/errors";
import type { FeedbackResponse, ListedLandmark } from "../api/models";
import { ARENA, COLOSSEUM, KNOWN } from "../testing/answers";
import { renderWith } from "../testing/services";
import { Feedback } from "./Feedback";

const GIVEN: FeedbackResponse = {
  correct: true,
  landmark: null,
  comment: null,
  given_at: "2026-05-01T10:00:00Z",
};

const PULA: ListedLandmark = {
  ...COLOSSEUM,
  landmark_id: "pula-arena",
  landmark: "Pula Arena",
  country: "HR",
  city: "Pula",
  latitude: 44.8731,
  longitude: 13.8503,
  aliases: [],
  categories: ["amphitheatre"],
  unesco: false,
  popularity: 60,
  description: "",
  distance_km: null,
};

test("a right answer is confirmed with one press, and thanked for", async () => {
  const giveFeedback = vi.fn(async () => GIVEN);
  renderWith(<Feedback prediction={KNOWN} />, { giveFeedback });
  fireEvent.click(screen.getByRole("button", { name: "Yes" }));
  const thanks = await screen.findByText(/Thank you/);
  expect(giveFeedback).toHaveBeenCalledWith({ prediction_id: "01KNOWN", correct: true });
  // The pressed button is gone; the focus is not.
  await waitFor(() => expect(document.activeElement).toBe(thanks));
});

test("a wrong answer is corrected with a landmark that is found by its name", async () => {
  const giveFeedback = vi.fn(async () => ({ ...GIVEN, correct: false }));
  const listLandmarks = vi.fn(async () => ({ landmarks: [PULA], total: 1, cursor: null }));
  renderWith(<Feedback prediction={KNOWN} />, { giveFeedback, listLandmarks });
  fireEvent.click(screen.getByRole("button", { name: "No" }));
  const field = screen.getByRole("combobox", { name: "What does the photo show?" });
  fireEvent.focus(field);
  // Before anything is typed, what else it may be.
  expect(screen.getByRole("option").textContent).toContain(ARENA.landmark);
  fireEvent.change(field, { target: { value: "pula" } });
  await waitFor(() => expect(screen.getByRole("option").textContent).toContain("Pula, Croatia"));
  expect(listLandmarks).toHaveBeenCalledWith({ q: "pula", limit: 6 }, expect.anything());
  fireEvent.keyDown(field, { key: "ArrowDown" });
  expect(field.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option").id);
  fireEvent.keyDown(field, { key: "Enter" });
  fireEvent.change(screen.getByLabelText(/Anything else/), { target: { value: " By the sea. " } });
  fireEvent.click(screen.getByRole("button", { name: "Send" }));
  await screen.findByText(/Thank you/);
  expect(giveFeedback).toHaveBeenCalledWith({
    prediction_id: "01KNOWN",
    correct: false,
    landmark: "pula-arena",
    comment: "By the sea.",
  });
});

test("a name that no catalogue has is taken as it is typed", async () => {
  const giveFeedback = vi.fn(async () => ({ ...GIVEN, correct: false }));
  const listLandmarks = () => Promise.reject(new ConnectionError("timeout"));
  renderWith(<Feedback prediction={KNOWN} />, { giveFeedback, listLandmarks });
  fireEvent.click(screen.getByRole("button", { name: "No" }));
  fireEvent.change(screen.getByRole("combobox"), { target: { value: "Our village hall" } });
  fireEvent.click(screen.getByRole("button", { name: "Send" }));
  await screen.findByText(/Thank you/);
  expect(giveFeedback).toHaveBeenCalledWith({
    prediction_id: "01KNOWN",
    correct: false,
    landmark: "Our village hall",
  });
});

test("feedback that did not arrive is sent again at a press", async () => {
  const giveFeedback = vi.fn(async () => GIVEN);
  giveFeedback.mockRejectedValueOnce(new ConnectionError("unreachable"));
  renderWith(<Feedback prediction={KNOWN} />, { giveFeedback });
  fireEvent.click(screen.getByRole("button", { name: "Yes" }));
  fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
  await screen.findByText(/Thank you/);
  expect(giveFeedback).toHaveBeenCalledTimes(2);
});

test("what was said at another time is remembered, and can be changed", () => {
  const earlier = { ...KNOWN, created_at: "", image_sha256: "", feedback: GIVEN };
  renderWith(<Feedback prediction={earlier} />);
  expect(screen.getByText("You said that this is right.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "It was wrong after all" }));
  expect(screen.getByRole("combobox")).toBeTruthy();
});
