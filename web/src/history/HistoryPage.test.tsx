import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ApiError, ConnectionError } from "../api/errors";
import { aPrediction } from "../testing/predictions";
import { renderWith } from "../testing/services";
import { HistoryPage } from "./HistoryPage";

const ROME = aPrediction({ prediction_id: "01C", landmark: "Colosseum" });
const AGRA = aPrediction({ prediction_id: "01B", landmark: "Taj Mahal" });
const CUSCO = aPrediction({ prediction_id: "01A", landmark: "Machu Picchu" });

function page(predictions = [ROME, AGRA], next_cursor: string | null = null) {
  return { predictions, next_cursor };
}

async function askToDelete(name: RegExp) {
  const button = await screen.findByRole("button", { name });
  // As browsers do on a click.
  button.focus();
  fireEvent.click(button);
}

async function deleteRow(name: RegExp) {
  await askToDelete(name);
  fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Delete it" }));
}

test("an empty history leads to the first photo", async () => {
  renderWith(<HistoryPage />, { listPredictions: async () => page([]) });
  const link = await screen.findByRole("link", { name: "Name a photo" });
  expect(link.getAttribute("href")).toBe("#/photo");
});

test("more is added to what is there, and the focus goes to the first of it", async () => {
  const listPredictions = vi
    .fn()
    .mockResolvedValueOnce(page([ROME, AGRA], "next"))
    .mockResolvedValueOnce(page([CUSCO]));
  renderWith(<HistoryPage />, { listPredictions });
  fireEvent.click(await screen.findByRole("button", { name: "Show more" }));
  const third = await screen.findByRole("link", { name: "Machu Picchu" });
  expect(screen.getByRole("link", { name: "Colosseum" })).toBeTruthy();
  expect(listPredictions.mock.calls[1]?.[0]).toMatchObject({ cursor: "next" });
  await waitFor(() => expect(document.activeElement).toBe(third));
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});

test("what could not be read is asked for again, and nothing is lost", async () => {
  const listPredictions = vi
    .fn()
    .mockResolvedValueOnce(page([ROME], "next"))
    .mockRejectedValueOnce(new ConnectionError("unreachable"))
    .mockResolvedValueOnce(page([AGRA]));
  renderWith(<HistoryPage />, { listPredictions });
  fireEvent.click(await screen.findByRole("button", { name: "Show more" }));
  fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
  await screen.findByRole("link", { name: "Taj Mahal" });
  expect(screen.getByRole("link", { name: "Colosseum" })).toBeTruthy();
});

test("deleting asks first, and then the focus goes to the neighbour", async () => {
  const deletePrediction = vi.fn().mockResolvedValue(undefined);
  renderWith(<HistoryPage />, {
    listPredictions: async () => page([ROME, AGRA, CUSCO]),
    deletePrediction,
  });
  await askToDelete(/^Delete.*Taj Mahal/);
  expect(deletePrediction).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Keep it" }));
  expect(screen.queryByRole("dialog")).toBeNull();

  await deleteRow(/^Delete.*Taj Mahal/);
  await waitFor(() => expect(screen.queryByRole("link", { name: "Taj Mahal" })).toBeNull());
  expect(deletePrediction).toHaveBeenCalledWith("01B");
  const next = screen.getByRole("link", { name: "Machu Picchu" });
  await waitFor(() => expect(document.activeElement).toBe(next));
});

test("after the last one the focus goes to the heading", async () => {
  renderWith(<HistoryPage />, {
    listPredictions: async () => page([ROME]),
    deletePrediction: async () => {},
  });
  await deleteRow(/^Delete.*Colosseum/);
  await screen.findByRole("link", { name: "Name a photo" });
  const heading = screen.getByRole("heading", { name: "History" });
  await waitFor(() => expect(document.activeElement).toBe(heading));
});

test("what another tab has deleted is gone here, too; what fails is not", async () => {
  const deletePrediction = vi
    .fn()
    .mockRejectedValueOnce(new ApiError(404, "", { code: "prediction_not_found" }))
    .mockRejectedValueOnce(new ApiError(503, "", { code: "service_unavailable" }));
  renderWith(<HistoryPage />, { listPredictions: async () => page(), deletePrediction });
  await deleteRow(/^Delete.*Colosseum/);
  await waitFor(() => expect(screen.queryByRole("link", { name: "Colosseum" })).toBeNull());
  await deleteRow(/^Delete.*Taj Mahal/);
  await screen.findByRole("alert");
  expect(screen.getByText("Taj Mahal", { selector: "a" })).toBeTruthy();
});
