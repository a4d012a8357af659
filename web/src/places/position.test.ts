import { afterEach, describe, expect, it, vi } from "vitest";

import { locate } from "./position";

type Success = (position: { coords: { latitude: number; longitude: number } }) => void;
type Failure = (error: { code: number }) => void;

function browserThat(answer: (success: Success, failure: Failure) => void, secure = true) {
  vi.stubGlobal("isSecureContext", secure);
  vi.stubGlobal("navigator", { geolocation: { getCurrentPosition: answer } });
}

describe("the position", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is known to about a hundred metres, no better", async () => {
    browserThat((success) => success({ coords: { latitude: 48.85837, longitude: 2.294481 } }));
    expect(await locate()).toEqual({
      state: "known",
      point: { latitude: 48.858, longitude: 2.294 },
    });
  });

  it.each([
    [1, "not allowed"],
    [2, "not known"],
    [3, "too long"],
    [99, "could not be found"],
  ])("that is refused with code %i is explained", async (code, words) => {
    browserThat((_, failure) => failure({ code }));
    const answer = await locate();
    expect(answer).toHaveProperty("state", "refused");
    expect(answer).toHaveProperty("why", expect.stringContaining(words));
  });

  it("is not asked for where the browser would not say it", async () => {
    const asked = vi.fn();
    browserThat(asked, false);
    expect(await locate()).toHaveProperty("why", expect.stringContaining("https"));
    vi.stubGlobal("isSecureContext", true);
    vi.stubGlobal("navigator", {});
    expect(await locate()).toHaveProperty("state", "refused");
    expect(asked).not.toHaveBeenCalled();
  });
});
