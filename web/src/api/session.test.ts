import { describe, expect, test, vi } from "vitest";

import { ANNA } from "../testing/services";
import { ApiError, ConnectionError, SessionEndedError } from "./errors";
import type { SignedInResponse } from "./models";
import { type Exchange, Session } from "./session";

const URL = "https://api.test";
const NEXT = { ...ANNA, access_token: "access 2", refresh_token: "refresh 2" };

const refuse: Exchange = () => Promise.reject(new Error("not expected"));

/** An exchange that is answered when the test says so. */
function pending() {
  const asked: string[] = [];
  let settle: { resolve: (answer: SignedInResponse) => void; reject: (error: unknown) => void };
  const exchange: Exchange = (refresh) => {
    asked.push(refresh);
    return new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
  };
  return {
    asked,
    exchange,
    answer: (answer: SignedInResponse) => settle.resolve(answer),
    fail: (error: unknown) => settle.reject(error),
  };
}

/** Locks as browsers have them: one holder of a name at a time, in all tabs. */
function stubLocks(): void {
  let last: Promise<unknown> = Promise.resolve();
  let wanted = 0;
  type Work = (lock: object | null) => Promise<unknown>;
  const request = (_name: string, ...rest: [{ ifAvailable: boolean }, Work] | [Work]) => {
    const work = rest.length === 2 ? rest[1] : rest[0];
    if (rest.length === 2 && rest[0].ifAvailable && wanted > 0) return work(null);
    wanted += 1;
    const turn = last
      .then(() => work({}))
      .finally(() => {
        wanted -= 1;
      });
    last = turn.catch(() => {});
    return turn;
  };
  vi.stubGlobal("navigator", { ...navigator, locks: { request } });
}

describe("who is signed in", () => {
  test("a reload finds the session again", () => {
    new Session(URL, refuse).keep(ANNA);
    const reloaded = new Session(URL, refuse);
    expect(reloaded.current()).toMatchObject({ username: "anna", refresh: "refresh" });
  });

  test("what one API issued is not sent to another", () => {
    new Session(URL, refuse).keep(ANNA);
    expect(new Session("https://other.test", refuse).current()).toBeNull();
  });

  test("it is the same object until something changes, as React wants it", () => {
    const session = new Session(URL, refuse);
    session.keep(ANNA);
    const before = session.current();
    expect(session.current()).toBe(before);
    session.rename("anna maria");
    expect(session.current()).toMatchObject({ username: "anna maria", access: "access" });
  });

  test("what is stored by somebody else is nobody", () => {
    localStorage.setItem(`session ${URL}`, "{broken");
    expect(new Session(URL, refuse).current()).toBeNull();
  });

  test("signing out in one tab signs out in all", () => {
    const [here, there] = [new Session(URL, refuse), new Session(URL, refuse)];
    here.keep(ANNA);
    const told = vi.fn();
    there.subscribe(told);
    here.end();
    window.dispatchEvent(new StorageEvent("storage", { key: `session ${URL}` }));
    expect(told).toHaveBeenCalledOnce();
    expect(there.current()).toBeNull();
  });
});

test.each([
  ["is shown again", () => window.dispatchEvent(new Event("pageshow"))],
  ["can be seen again", () => document.dispatchEvent(new Event("visibilitychange"))],
])("a page that %s looks who is signed in by now", (_when, wake) => {
  const session = new Session(URL, refuse);
  session.keep(ANNA);
  const seen: (string | undefined)[] = [];
  session.subscribe(() => seen.push(session.current()?.username));
  // In another tab, and a frozen one is not told.
  new Session(URL, refuse).keep({ ...ANNA, user_id: "01BEN", username: "ben" });
  wake();
  expect(seen).toEqual(["ben"]);
});

describe("renewing", () => {
  test("many requests that find the token spent exchange it once", async () => {
    const { asked, exchange, answer } = pending();
    const session = new Session(URL, exchange);
    const spent = session.keep(ANNA);
    const all = Promise.all([session.renew(spent), session.renew(spent), session.renew(spent)]);
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    answer(NEXT);
    expect((await all).map(({ access }) => access)).toEqual(["access 2", "access 2", "access 2"]);
    expect(asked).toEqual(["refresh"]);
    expect(new Session(URL, refuse).current()).toMatchObject({ refresh: "refresh 2" });
  });

  test("two tabs exchange it once between them", async () => {
    stubLocks();
    const first = pending();
    const [here, there] = [new Session(URL, first.exchange), new Session(URL, refuse)];
    const spent = here.keep(ANNA);
    const both = Promise.all([here.renew(spent), there.renew(spent)]);
    await vi.waitFor(() => expect(first.asked).toHaveLength(1));
    first.answer(NEXT);
    expect((await both).map(({ access }) => access)).toEqual(["access 2", "access 2"]);
  });

  describe("of two tabs, one that hears late of what is stored", () => {
    const KEY = `session ${URL}`;

    /** A tab, and what makes it hear of what has been stored until then. */
    function tabBehind(exchange: Exchange): { tab: Session; hear: () => void } {
      let heard = localStorage.getItem(KEY);
      const behind = { ...localStorage, getItem: () => heard, setItem: () => {} } as Storage;
      const hear = () => {
        heard = localStorage.getItem(KEY);
        window.dispatchEvent(new StorageEvent("storage", { key: KEY }));
      };
      return { tab: new Session(URL, exchange, behind), hear };
    }

    test("takes what the first has exchanged", async () => {
      stubLocks();
      const first = pending();
      const here = new Session(URL, first.exchange);
      const spent = here.keep(ANNA);
      const { tab, hear } = tabBehind(refuse);
      const [, there] = [here.renew(spent), tab.renew(spent)];
      await vi.waitFor(() => expect(first.asked).toHaveLength(1));
      first.answer(NEXT);
      await vi.waitFor(() => expect(here.current()).toMatchObject({ access: "access 2" }));
      // By then it has the lock.
      await new Promise((resolve) => setTimeout(resolve));
      hear();
      expect(await there).toMatchObject({ access: "access 2" });
    });

    test("exchanges them itself where the first has not", async () => {
      vi.useFakeTimers();
      try {
        stubLocks();
        const here = new Session(URL, () => Promise.reject(new ConnectionError("offline")));
        const spent = here.keep(ANNA);
        const second = vi.fn<Exchange>().mockResolvedValue(NEXT);
        const { tab } = tabBehind(second);
        const failed = expect(here.renew(spent)).rejects.toBeInstanceOf(ConnectionError);
        const there = tab.renew(spent);
        await failed;
        await vi.runAllTimersAsync();
        expect(await there).toMatchObject({ access: "access 2" });
        expect(second).toHaveBeenCalledOnce();
      } finally {
        vi.useRealTimers();
      }
    });
  });

  test("a token that is about to end is renewed before it is sent", async () => {
    const exchange = vi.fn<Exchange>().mockResolvedValue(NEXT);
    const session = new Session(URL, exchange);
    session.keep({ ...ANNA, expires_in: 5 });
    expect(await session.ready()).toMatchObject({ access: "access 2" });
    expect(await session.ready()).toMatchObject({ access: "access 2" });
    expect(exchange).toHaveBeenCalledOnce();
  });

  test("a refused exchange ends the session, and says that it ended by itself", async () => {
    const refused = new ApiError(401, "over", { code: "refresh_token_invalid" });
    const session = new Session(URL, () => Promise.reject(refused));
    const spent = session.keep(ANNA);
    await expect(session.renew(spent)).rejects.toBeInstanceOf(SessionEndedError);
    expect(session.current()).toBeNull();
    expect(session.expired).toBe(true);
    await expect(session.ready()).rejects.toBeInstanceOf(SessionEndedError);
  });

  test.each([
    new ConnectionError("offline"),
    new ApiError(503, "busy", { retryAfterSeconds: 2 }),
    new ApiError(429, "too many"),
  ])("%s signs nobody out, and the same token is good for another try", async (error) => {
    const exchange = vi.fn<Exchange>().mockRejectedValueOnce(error).mockResolvedValue(NEXT);
    const session = new Session(URL, exchange);
    const spent = session.keep(ANNA);
    await expect(session.renew(spent)).rejects.toBe(error);
    expect(session.current()).toMatchObject({ refresh: "refresh" });
    expect(await session.renew(spent)).toMatchObject({ access: "access 2" });
    expect(exchange.mock.calls).toEqual([["refresh"], ["refresh"]]);
  });

  test("who signs out meanwhile stays signed out", async () => {
    const { asked, exchange, answer } = pending();
    const session = new Session(URL, exchange);
    const renewed = session.renew(session.keep(ANNA));
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    session.end();
    answer(NEXT);
    await expect(renewed).rejects.toBeInstanceOf(SessionEndedError);
    expect(session.current()).toBeNull();
    expect(session.expired).toBe(false);
  });

  test("a farewell is said until somebody signs in", () => {
    const session = new Session(URL, refuse);
    session.keep(ANNA);
    session.end({ farewell: "Goodbye." });
    expect(session.farewell).toBe("Goodbye.");
    session.keep(ANNA);
    expect(session.farewell).toBe("");
  });

  test("what another tab has stored meanwhile is newer than what comes here", async () => {
    const { asked, exchange, answer } = pending();
    const session = new Session(URL, exchange);
    const renewed = session.renew(session.keep(ANNA));
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    const newest = { ...ANNA, access_token: "access 3", refresh_token: "refresh 3" };
    new Session(URL, refuse).keep(newest);
    answer(NEXT);
    expect(await renewed).toMatchObject({ access: "access 3" });
    expect(session.current()).toMatchObject({ refresh: "refresh 3" });
  });

  test("a request of one user is never sent in the name of the next", async () => {
    const session = new Session(URL, refuse);
    const spent = session.keep(ANNA);
    session.keep({ ...ANNA, user_id: "01BEN", username: "ben", access_token: "of ben" });
    await expect(session.renew(spent)).rejects.toBeInstanceOf(SessionEndedError);
    expect(session.current()).toMatchObject({ username: "ben" });
  });
});
