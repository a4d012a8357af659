import { act, renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { useTask } from "./useTask";

/** Work that ends when the test says so. */
function steps() {
  const begun: { signal: AbortSignal; name: string; end: (value: string) => void }[] = [];
  const work = (signal: AbortSignal, name: string) =>
    new Promise<string>((resolve, reject) => {
      begun.push({ signal, name, end: resolve });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  return { begun, work };
}

test("the newest call wins, and the one before is aborted", async () => {
  const { begun, work } = steps();
  const { result } = renderHook(() => useTask(work));
  await act(async () => result.current.run("first"));
  await act(async () => result.current.run("second"));
  expect(begun[0]?.signal.aborted).toBe(true);
  await act(async () => begun[0]?.end("late"));
  expect(result.current).toMatchObject({ busy: true, value: undefined });
  await act(async () => begun[1]?.end("newest"));
  expect(result.current).toMatchObject({ busy: false, value: "newest", error: undefined });
});

test("what went well stays while it is done again, and when that fails", async () => {
  const work = vi.fn(async (_signal: AbortSignal, value: string) => {
    if (value === "bad") throw new Error("no");
    return value;
  });
  const { result } = renderHook(() => useTask(work));
  await act(async () => result.current.run("good"));
  await act(async () => result.current.run("bad"));
  expect(result.current.value).toBe("good");
  expect(result.current.error).toEqual(new Error("no"));
  act(() => result.current.reset());
  expect(result.current).toMatchObject({ value: undefined, error: undefined, busy: false });
});

test("a component that goes takes its work with it", async () => {
  const { begun, work } = steps();
  const { result, unmount } = renderHook(() => useTask(work));
  await act(async () => result.current.run("first"));
  unmount();
  expect(begun[0]?.signal.aborted).toBe(true);
});

test("what throws at once is an error as well", async () => {
  const { result } = renderHook(() =>
    useTask(() => {
      throw new Error("at once");
    }),
  );
  await act(async () => result.current.run());
  expect(result.current).toMatchObject({ busy: false, error: new Error("at once") });
});

test("run stays the same, so that effects may depend on it", async () => {
  const { result, rerender } = renderHook(() => useTask(async () => 1));
  const { run } = result.current;
  rerender();
  await act(async () => result.current.run());
  expect(result.current.run).toBe(run);
});
