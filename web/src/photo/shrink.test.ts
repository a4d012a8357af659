import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { LONGEST_SIDE_PX, scaleToFit, shrink } from "./shrink";

describe("the size", () => {
  test.each([
    [4032, 3024, 1600, 1200],
    [3024, 4032, 1200, 1600],
    [8000, 100, 1600, 20],
    [10_000, 2, 1600, 1],
    [640, 480, 640, 480],
  ])("of %d by %d is %d by %d", (width, height, fittedWidth, fittedHeight) => {
    expect(scaleToFit({ width, height })).toEqual({ width: fittedWidth, height: fittedHeight });
  });

  test("is what a vision model and a cropping eye need", () => {
    // 768 is what POST /describe sends on (functions/describe).
    expect(LONGEST_SIDE_PX).toBeGreaterThanOrEqual(2 * 768);
  });
});

describe("what is sent", () => {
  const jpeg = new Blob(["small"], { type: "image/jpeg" });
  const drawn = vi.fn();
  const close = vi.fn();
  let canvas: { width: number; height: number };

  beforeEach(() => {
    drawn.mockClear();
    close.mockClear();
    const context = { fillRect: vi.fn(), drawImage: drawn };
    const fake = {
      width: 0,
      height: 0,
      getContext: () => context,
      toBlob: (done: (blob: Blob | null) => void) => done(jpeg),
    };
    canvas = fake;
    vi.spyOn(document, "createElement").mockReturnValue(fake as unknown as HTMLElement);
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("is upright, smaller, and drawn anew", async () => {
    const decode = vi.fn(async () => ({ width: 3000, height: 6000, close }));
    vi.stubGlobal("createImageBitmap", decode);
    const photo = new Blob(["large"]);
    expect(await shrink(photo)).toBe(jpeg);
    expect(decode).toHaveBeenCalledWith(photo, { imageOrientation: "from-image" });
    expect(canvas).toMatchObject({ width: 800, height: 1600 });
    expect(drawn).toHaveBeenCalledWith(expect.anything(), 0, 0, 800, 1600);
    // A bitmap of 50 megapixels is 200 MB of a phone's memory.
    expect(close).toHaveBeenCalledOnce();
  });

  test("is nothing where the browser cannot read it", async () => {
    const undecodable = () => Promise.reject(new DOMException("", "InvalidStateError"));
    vi.stubGlobal("createImageBitmap", undecodable);
    class Unreadable {
      src = "";
      decode = () => Promise.reject(new DOMException("", "EncodingError"));
    }
    vi.stubGlobal("Image", Unreadable);
    expect(await shrink(new Blob(["heic"], { type: "image/heic" }))).toBeNull();
  });
});
