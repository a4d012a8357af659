import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { FakeRequest, gateway, problem, stubFetch } from "../testing/network";
import { ApiError, ConnectionError } from "./errors";
import { ANSWER_WITHIN_MS, accept, exchange, isRefusedByGateway, STALLED_AFTER_MS } from "./http";

const GET = { method: "GET", url: "https://api.test/x" };
const photo = new Blob(["photo"], { type: "image/jpeg" });
const POST = { method: "POST", url: "https://api.test/predict", body: photo };

afterEach(() => {
  vi.useRealTimers();
});

async function refusal(answer: Response): Promise<ApiError> {
  const error = await accept(answer).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

describe("what an answer says", () => {
  test("a problem document has its code, its fields and the request's id", async () => {
    const errors = [{ field: "email", message: "Not an address." }];
    const error = await refusal(problem(422, "invalid_fields", { errors }));
    expect(error).toMatchObject({
      status: 422,
      code: "invalid_fields",
      detail: "invalid_fields.",
      errors,
      requestId: "r-1",
    });
  });

  test("the gateway's answer has no code", async () => {
    const error = await refusal(gateway(429, "Too Many Requests"));
    expect(error).toMatchObject({ status: 429, code: undefined, detail: "Too Many Requests" });
  });

  test("an answer that is no JSON is told by its status alone", async () => {
    const error = await refusal(new Response("<html>", { status: 502 }));
    expect(error).toMatchObject({ status: 502, detail: "", errors: [] });
  });

  test.each([
    ["17", 17],
    ["Wed, 01 May 2030 10:00:30 GMT", 30],
    ["Wed, 01 May 2030 09:00:00 GMT", 0],
    ["soon", undefined],
  ])("Retry-After: %s is %s seconds", async (header, seconds) => {
    vi.useFakeTimers({ now: Date.parse("2030-05-01T10:00:00Z") });
    const error = await refusal(problem(503, "service_unavailable", {}, { "retry-after": header }));
    expect(error.retryAfterSeconds).toBe(seconds);
  });

  test("only the gateway's 401 and 403 are about the access token", () => {
    expect(isRefusedByGateway(gateway(401, "Unauthorized"))).toBe(true);
    expect(isRefusedByGateway(gateway(403, "Forbidden"))).toBe(true);
    expect(isRefusedByGateway(problem(403, "wrong_password"))).toBe(false);
    expect(isRefusedByGateway(gateway(429, "Too Many Requests"))).toBe(false);
  });
});

describe("when no answer comes", () => {
  test("the connection is to blame, and the device where it says so", async () => {
    stubFetch(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(exchange(GET)).rejects.toMatchObject({ reason: "unreachable" });
    vi.stubGlobal("navigator", { onLine: false });
    await expect(exchange(GET)).rejects.toMatchObject({ reason: "offline" });
  });

  test("it is not waited for without end", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", (_url: string, { signal }: RequestInit) => {
      return new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
      });
    });
    const late = expect(exchange(GET)).rejects.toMatchObject({ reason: "timeout" });
    await vi.advanceTimersByTimeAsync(ANSWER_WITHIN_MS);
    await late;
  });

  test("giving up is not an error of the connection", async () => {
    const giving = new AbortController();
    stubFetch(() => {
      giving.abort();
      return Promise.reject(new TypeError("aborted"));
    });
    const asked = exchange({ ...GET, signal: giving.signal });
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a body that takes its time", () => {
  beforeEach(() => {
    FakeRequest.install();
  });

  test("tells how much of it has left", async () => {
    const shares: number[] = [];
    const answer = exchange({ ...POST, onProgress: (share) => shares.push(share) });
    FakeRequest.last.progress(25, 100);
    FakeRequest.last.progress(100, 100);
    FakeRequest.last.answer(200, { ok: true }, { ETag: '"7"' });
    expect(await (await answer).json()).toEqual({ ok: true });
    expect((await answer).headers.get("etag")).toBe('"7"');
    expect(shares).toEqual([0.25, 1, 1]);
  });

  test("may take as long as it likes while it moves, and no longer", async () => {
    vi.useFakeTimers();
    const answer = exchange(POST);
    const caught = answer.catch((error: unknown) => error);
    for (let sent = 1; sent <= 5; sent += 1) {
      await vi.advanceTimersByTimeAsync(STALLED_AFTER_MS - 1);
      FakeRequest.last.progress(sent, 10);
    }
    expect(FakeRequest.last.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(STALLED_AFTER_MS);
    expect(await caught).toEqual(new ConnectionError("timeout"));
  });

  test("can be cancelled", async () => {
    const giving = new AbortController();
    const answer = exchange({ ...POST, signal: giving.signal });
    giving.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
    expect(FakeRequest.last.aborted).toBe(true);
  });

  test("that gets lost is the connection's fault", async () => {
    const answer = exchange(POST);
    FakeRequest.last.fail();
    await expect(answer).rejects.toMatchObject({ reason: "unreachable" });
  });
});
