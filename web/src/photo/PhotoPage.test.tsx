import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import { ApiError, ConnectionError } from "../api/errors";
import { KNOWN, UNKNOWN } from "../testing/answers";
import { type FakeApi, renderWith } from "../testing/services";
import { PhotoDesk } from "./desk";
import { PhotoPage } from "./PhotoPage";

const places = vi.hoisted(() => vi.fn());
vi.mock("../places/Places", () => ({
  Places: ({ basis }: { basis: unknown }) => {
    places(basis);
    return null;
  },
}));
vi.mock("../places/AddToTrip", () => ({
  AddToTrip: () => <button type="button">Add to trip</button>,
}));

const photo = new File(["photo"], "rome.jpg", { type: "image/jpeg" });
const small = new Blob(["small"], { type: "image/jpeg" });

function show(api: FakeApi) {
  const desk = new PhotoDesk(api as Required<FakeApi>, async () => small);
  return renderWith(<PhotoPage />, api, { desk });
}

function choose(): void {
  fireEvent.change(screen.getByLabelText("Choose a photo"), { target: { files: [photo] } });
}

beforeEach(() => {
  places.mockClear();
});

test("a chosen photo is named, with how sure that is and what else it may be", async () => {
  show({ predict: async () => KNOWN });
  choose();
  const heading = await screen.findByRole("heading", { name: "Colosseum" });
  const page = heading.closest("article")?.textContent;
  expect(page).toContain("This is");
  expect(page).toContain("Rome, Italy");
  expect(page).toContain("Very sure: 92 %");
  expect(page).toContain("Arles Amphitheatre");
  expect(screen.getByText("This is Colosseum. Very sure.")).toBeTruthy();
  expect(places).toHaveBeenLastCalledWith({ prediction_id: "01KNOWN" });
});

test("a photo that is dropped, or pasted, is taken as well", async () => {
  const predict = vi.fn(async () => KNOWN);
  show({ predict });
  const drop = Object.assign(new Event("drop", { cancelable: true }), {
    dataTransfer: { files: [photo], types: ["Files"] },
  });
  await act(async () => void window.dispatchEvent(drop));
  // Else the browser would leave the page for the photo.
  expect(drop.defaultPrevented).toBe(true);
  await waitFor(() => expect(predict).toHaveBeenCalledTimes(1));
  const paste = Object.assign(new Event("paste"), { clipboardData: { files: [photo] } });
  await act(async () => void window.dispatchEvent(paste));
  await waitFor(() => expect(predict).toHaveBeenCalledTimes(2));
});

test("how much of it has been sent is shown, and it can be cancelled and sent again", async () => {
  let tell: (share: number) => void = () => {};
  const predict = vi.fn<NonNullable<FakeApi["predict"]>>((_photo, { onProgress, signal } = {}) => {
    tell = onProgress ?? tell;
    return new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  });
  show({ predict });
  choose();
  await waitFor(() => expect(predict).toHaveBeenCalled());
  act(() => tell(0.4));
  expect(screen.getByRole("progressbar", { name: "Sending it …" }).getAttribute("value")).toBe(
    "0.4",
  );
  act(() => tell(1));
  expect(screen.getByRole("progressbar", { name: "Looking at it …" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  fireEvent.click(await screen.findByRole("button", { name: "Send it again" }));
  await waitFor(() => expect(predict).toHaveBeenCalledTimes(2));
});

test("an unknown place is said kindly, with what the photo shows and a way to tell", async () => {
  show({ predict: async () => UNKNOWN });
  choose();
  const heading = await screen.findByRole("heading", { name: "Not a landmark I know" });
  const page = heading.closest("article")?.textContent;
  expect(page).toContain("suspension bridge");
  // What is next to impossible is not said.
  expect(page).not.toContain("web site");
  expect(screen.getByText("What it reminds me of")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Tell me" })).toBeTruthy();
});

test("without a connection the photo stays, and is sent again at a press", async () => {
  const predict = vi.fn(async () => KNOWN);
  predict.mockRejectedValueOnce(new ConnectionError("offline"));
  show({ predict });
  choose();
  expect((await screen.findByRole("alert")).textContent).toContain("You are offline");
  expect(screen.getByAltText("What you chose")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "Colosseum" });
});

test("a format that cannot be read is explained, and another photo can be chosen", async () => {
  const unsupported = new ApiError(415, "…", { code: "image_format_unsupported" });
  show({ predict: () => Promise.reject(unsupported) });
  choose();
  expect((await screen.findByRole("alert")).textContent).toContain("HEIC");
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  expect(screen.getByLabelText("Choose another photo")).toBeTruthy();
});

const WORDS = {
  description: "An arena of stone.",
  source: "llava" as const,
  model: "llava-1.5",
  cached: false,
  reason: null,
  quota: { limit: 100, remaining: 97, resets_at: "2026-12-01T00:00:00+00:00" },
};

test("a model describes the photo itself; its words also look for places", async () => {
  const describe = vi.fn(async () => WORDS);
  show({ predict: async () => KNOWN, describe });
  choose();
  fireEvent.click(await screen.findByRole("button", { name: "Describe what it shows" }));
  const section = (await screen.findAllByText("An arena of stone."))[0]?.closest("section");
  expect(describe).toHaveBeenCalledWith({ photo: small }, expect.anything());
  expect(section?.textContent).toContain("llava-1.5");
  expect(section?.textContent).toContain("97 of 100 left until December 1.");
  expect(places).toHaveBeenLastCalledWith({
    prediction_id: "01KNOWN",
    llava_description: "An arena of stone.",
  });
  const question = screen.getByLabelText("Ask something about the photo");
  fireEvent.change(question, { target: { value: "How old is it?" } });
  fireEvent.click(screen.getByRole("button", { name: "Ask" }));
  await waitFor(() =>
    expect(describe).toHaveBeenLastCalledWith(
      { photo: small, prompt: "How old is it?" },
      expect.anything(),
    ),
  );
});

test("words that are put together here say so, and look for nothing", async () => {
  const local = { ...WORDS, source: "local" as const, reason: "share_spent" as const };
  show({ predict: async () => KNOWN, describe: async () => local });
  choose();
  fireEvent.click(await screen.findByRole("button", { name: "Describe what it shows" }));
  const section = (await screen.findAllByText("An arena of stone."))[0]?.closest("section");
  expect(section?.textContent).toContain("used up for this month");
  expect(places).toHaveBeenLastCalledWith({ prediction_id: "01KNOWN" });
  expect(screen.queryByLabelText("Ask something about the photo")).toBeNull();
});

test("a question that no model answers leaves the places to what one said before", async () => {
  const local = { ...WORDS, description: "A place.", source: "local" as const };
  const describe = vi.fn<NonNullable<FakeApi["describe"]>>(async () => local);
  describe.mockResolvedValueOnce(WORDS);
  show({ predict: async () => KNOWN, describe });
  choose();
  fireEvent.click(await screen.findByRole("button", { name: "Describe what it shows" }));
  const question = await screen.findByLabelText("Ask something about the photo");
  fireEvent.change(question, { target: { value: "How old is it?" } });
  fireEvent.click(screen.getByRole("button", { name: "Ask" }));
  await screen.findAllByText("A place.");
  expect(places).toHaveBeenLastCalledWith({
    prediction_id: "01KNOWN",
    llava_description: "An arena of stone.",
  });
});

const GIVEN = { correct: true, landmark: null, comment: null, given_at: "2026-05-01T10:00:00Z" };

test("what was said of an answer is still there when one comes back to it", async () => {
  const giveFeedback = vi.fn(async () => GIVEN);
  const { rerender } = show({
    predict: async () => KNOWN,
    describe: async () => WORDS,
    giveFeedback,
  });
  choose();
  fireEvent.click(await screen.findByRole("button", { name: "Describe what it shows" }));
  await screen.findByLabelText("Ask something about the photo");
  fireEvent.click(screen.getByRole("button", { name: "Yes" }));
  const thanks = await screen.findByText("Thank you, that is good to know.");
  await waitFor(() => expect(document.activeElement).toBe(thanks));
  rerender(<h1>Trips</h1>);
  expect(screen.queryByRole("article")).toBeNull();
  places.mockClear();
  rerender(<PhotoPage />);
  const page = screen.getByRole("article").textContent;
  expect(page).toContain("You said that this is right.");
  expect(page).not.toContain("Is that right?");
  expect(page).toContain("An arena of stone.");
  expect(places.mock.calls).toEqual([
    [{ prediction_id: "01KNOWN", llava_description: "An arena of stone." }],
  ]);
});

test("feedback that arrives after one has left is remembered as well", async () => {
  let arrive: () => void = () => {};
  const sent = vi.fn((resolve: (feedback: typeof GIVEN) => void) => {
    arrive = () => resolve(GIVEN);
  });
  const giveFeedback = () => new Promise<typeof GIVEN>(sent);
  const { rerender } = show({ predict: async () => KNOWN, giveFeedback });
  choose();
  fireEvent.click(await screen.findByRole("button", { name: "Yes" }));
  await waitFor(() => expect(sent).toHaveBeenCalled());
  rerender(<h1>Trips</h1>);
  await act(async () => arrive());
  rerender(<PhotoPage />);
  expect(screen.getByRole("article").textContent).toContain("You said that this is right.");
});
