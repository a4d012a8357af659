import { beforeEach, expect, test, vi } from "vitest";

import { ConnectionError, SessionEndedError } from "../api/errors";
import { KNOWN } from "../testing/answers";
import { type OnDesk, PhotoDesk } from "./desk";

const large = new Blob(["large"], { type: "image/jpeg" });
const small = new Blob(["small"], { type: "image/jpeg" });
const shrink = vi.fn(async () => small as Blob | null);
const predict = vi.fn();

function watched(): { desk: PhotoDesk; steps: string[] } {
  const desk = new PhotoDesk({ predict }, shrink);
  const steps: string[] = [];
  desk.subscribe(() => {
    const now: OnDesk = desk.current();
    steps.push(now.step === "sending" ? `sending ${now.share}` : now.step);
  });
  return { desk, steps };
}

beforeEach(() => {
  shrink.mockReset().mockResolvedValue(small);
  predict.mockReset().mockResolvedValue(KNOWN);
});

test("a photo is shrunk, sent, looked at, and answered", async () => {
  predict.mockImplementation(async (_photo, { onProgress }) => {
    onProgress(0.5);
    onProgress(1);
    return KNOWN;
  });
  const { desk, steps } = watched();
  desk.put(large, "rome.jpg");
  await vi.waitFor(() => expect(desk.current().step).toBe("answered"));
  expect(steps).toEqual(["preparing", "sending 0", "sending 0.5", "looking", "answered"]);
  expect(predict.mock.calls[0]?.[0]).toBe(small);
  expect(desk.current()).toMatchObject({ prediction: KNOWN, photo: { name: "rome.jpg" } });
});

test("what this browser cannot read is sent as it is", async () => {
  shrink.mockResolvedValue(null);
  const { desk } = watched();
  desk.put(large);
  await vi.waitFor(() => expect(desk.current().step).toBe("answered"));
  expect(predict.mock.calls[0]?.[0]).toBe(large);
});

test("after a failure the same photo is sent again, without being chosen or shrunk again", async () => {
  predict.mockRejectedValueOnce(new ConnectionError("offline"));
  const { desk } = watched();
  desk.put(large);
  await vi.waitFor(() => expect(desk.current().step).toBe("failed"));
  desk.retry();
  await vi.waitFor(() => expect(desk.current().step).toBe("answered"));
  expect(predict.mock.calls.map(([photo]) => photo)).toEqual([small, small]);
  expect(shrink).toHaveBeenCalledOnce();
});

test("stopping keeps the photo, and an answer that comes late changes nothing", async () => {
  let answer: (prediction: typeof KNOWN) => void = () => {};
  predict.mockImplementation(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const { desk } = watched();
  desk.put(large);
  await vi.waitFor(() => expect(predict).toHaveBeenCalled());
  desk.stop();
  expect(predict.mock.calls[0]?.[1].signal.aborted).toBe(true);
  answer(KNOWN);
  await Promise.resolve();
  expect(desk.current()).toMatchObject({ step: "stopped", photo: { ready: small } });
});

test("the answer to an earlier photo does not replace that to a later one", async () => {
  const answers: ((prediction: typeof KNOWN) => void)[] = [];
  predict.mockImplementation(
    () =>
      new Promise((resolve) => {
        answers.push(resolve);
      }),
  );
  const { desk } = watched();
  desk.put(large, "first");
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  desk.put(large, "second");
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.({ ...KNOWN, prediction_id: "second" });
  answers[0]?.({ ...KNOWN, prediction_id: "first" });
  await vi.waitFor(() => expect(desk.current().step).toBe("answered"));
  expect(desk.current()).toMatchObject({ prediction: { prediction_id: "second" } });
});

test("what is no picture is not sent", () => {
  const { desk } = watched();
  desk.put(new Blob(["film"], { type: "video/mp4" }), "film.mp4");
  expect(desk.current()).toMatchObject({ step: "failed", error: { code: "image_unreadable" } });
  expect(predict).not.toHaveBeenCalled();
});

test("the next user does not see the photo of the one before; the same user does", () => {
  const { desk } = watched();
  desk.belongTo("anna");
  desk.put(large);
  desk.belongTo("anna");
  expect(desk.current().step).not.toBe("empty");
  desk.belongTo("ben");
  expect(desk.current().step).toBe("empty");
});

test("what the end of the session stopped goes on once its user has signed in again", async () => {
  predict.mockRejectedValueOnce(new SessionEndedError());
  const { desk } = watched();
  desk.belongTo("anna");
  desk.put(large);
  await vi.waitFor(() => expect(desk.current().step).toBe("failed"));
  desk.belongTo("anna");
  await vi.waitFor(() => expect(desk.current().step).toBe("answered"));
});

test("what comes of an answer stays with it, and does not come to another", async () => {
  const feedback = { correct: true, landmark: null, comment: null, given_at: "" };
  const { desk } = watched();
  desk.put(large);
  await vi.waitFor(() => expect(desk.current().step).toBe("answered"));
  desk.add("an earlier one", { feedback });
  expect(desk.current()).not.toHaveProperty("feedback");
  desk.add(KNOWN.prediction_id, { feedback });
  expect(desk.current()).toMatchObject({ prediction: KNOWN, feedback });
  desk.put(large);
  desk.add(KNOWN.prediction_id, { feedback });
  expect(desk.current()).not.toHaveProperty("feedback");
  await vi.waitFor(() => expect(desk.current().step).toBe("answered"));
  expect(desk.current()).not.toHaveProperty("feedback");
});
