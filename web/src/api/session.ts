// Who is signed in, for all tabs of this browser and from one visit to the next.
import { ApiError, SessionEndedError } from "./errors";
import type { SignedInResponse } from "./models";

export interface SignedIn {
  userId: string;
  username: string;
  access: string;
  refresh: string;
  /** When the access token ends, in milliseconds since 1970 by this device's clock. */
  expiresAt: number;
}

/** Gives the next tokens for a refresh token. */
export type Exchange = (refreshToken: string) => Promise<SignedInResponse>;

// A photo on a slow connection takes a while, and the token is checked when all of it has come.
const RENEW_BEFORE_MS = 60_000;
// What one tab has stored reaches another a moment later, which may be after the lock is free.
const HEARD_WITHIN_MS = 500;
const BEEN_HERE = "been here";

/**
 * The tokens of whoever is signed in.
 *
 * They lie in localStorage, where other sites cannot read them; the page's policy lets no script run
 * but its own. `url` is the API's: what one API issued is never sent to another.
 */
export class Session {
  readonly #key: string;
  readonly #listeners = new Set<() => void>();
  #renewing: Promise<SignedIn> | null = null;
  #text: string | null = null;
  #parsed: SignedIn | null = null;
  /** Whether the session ended by itself, rather than by signing out. */
  expired = false;
  /** What to say to who has just left for good; empty where nobody has. */
  farewell = "";

  constructor(
    url: string,
    private readonly exchange: Exchange,
    private readonly storage: Storage = openStorage(),
  ) {
    this.#key = `session ${url}`;
    // Other tabs sign in and out, too.
    window.addEventListener("storage", (event) => {
      if (event.key === this.#key || event.key === null) this.#tell();
    });
    // A tab that was frozen, or comes out of the back/forward cache, has not heard of it.
    window.addEventListener("pageshow", () => this.#tell());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#tell();
    });
  }

  /** Who is signed in; the same object for as long as nothing changes. */
  current = (): SignedIn | null => {
    const text = this.storage.getItem(this.#key);
    if (text !== this.#text) {
      this.#text = text;
      this.#parsed = parse(text);
    }
    return this.#parsed;
  };

  /** Be told of every change, in whatever tab, and when to look again; returns what ends it. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  keep(answer: SignedInResponse): SignedIn {
    const signedIn: SignedIn = {
      userId: answer.user_id,
      username: answer.username,
      access: answer.access_token,
      refresh: answer.refresh_token,
      expiresAt: Date.now() + answer.expires_in * 1000,
    };
    this.#store(signedIn);
    return signedIn;
  }

  /** Whether anybody has been signed in on this device. */
  hasBeenHere(): boolean {
    return this.storage.getItem(BEEN_HERE) !== null;
  }

  rename(username: string): void {
    const current = this.current();
    if (current) this.#store({ ...current, username });
  }

  end({ expired = false, farewell = "" } = {}): void {
    this.expired = expired;
    this.farewell = farewell;
    this.storage.removeItem(this.#key);
    this.#tell();
  }

  /** Tokens to send a request with, renewed if they are about to end. */
  async ready(): Promise<SignedIn> {
    const current = this.current();
    if (!current) throw new SessionEndedError();
    return current.expiresAt - Date.now() > RENEW_BEFORE_MS ? current : this.renew(current);
  }

  /**
   * Exchange the tokens: once, however many requests and tabs have found them spent.
   *
   * Throws `SessionEndedError` where that is the end of the session. Where there is no connection, or
   * the service is busy, the session goes on: the same token is good for another try.
   */
  renew(spent: SignedIn): Promise<SignedIn> {
    this.#renewing ??= alone(this.#key, (afterAnother) => this.#renew(spent, afterAnother)).finally(
      () => {
        this.#renewing = null;
      },
    );
    return this.#renewing;
  }

  async #renew(spent: SignedIn, afterAnother: boolean): Promise<SignedIn> {
    if (afterAnother) await this.#hear(spent);
    // Read again: another tab may have been first.
    const before = this.#sameUser(spent);
    if (before.access !== spent.access) return before;
    let answer: SignedInResponse;
    try {
      answer = await this.exchange(before.refresh);
    } catch (error) {
      if (!isRefused(error)) throw error;
      // Without locks another tab may have been first even so.
      const meanwhile = this.#sameUser(spent);
      if (meanwhile.refresh !== before.refresh) return meanwhile;
      this.end({ expired: true });
      throw new SessionEndedError();
    }
    // Signed out meanwhile means signed out.
    const meanwhile = this.#sameUser(spent);
    return meanwhile.refresh === before.refresh ? this.keep(answer) : meanwhile;
  }

  /** Wait for what another tab has made of the tokens, which may be nothing. */
  #hear(spent: SignedIn): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.current()?.access === spent.access) return;
        clearTimeout(timer);
        forget();
        resolve();
      };
      const forget = this.subscribe(look);
      const timer = setTimeout(() => {
        forget();
        resolve();
      }, HEARD_WITHIN_MS);
      look();
    });
  }

  /** What is stored, unless somebody else has signed in: a request is never sent in their name. */
  #sameUser({ userId }: SignedIn): SignedIn {
    const current = this.current();
    if (current?.userId !== userId) throw new SessionEndedError();
    return current;
  }

  #store(signedIn: SignedIn): void {
    this.expired = false;
    this.farewell = "";
    this.storage.setItem(this.#key, JSON.stringify(signedIn));
    this.storage.setItem(BEEN_HERE, "yes");
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Run something while no other tab runs something of this name; tells it whether another one did. */
async function alone<T>(name: string, work: (afterAnother: boolean) => Promise<T>): Promise<T> {
  // Pages without TLS have no locks. The service forgives a token that comes twice within 30 s.
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return work(false);
  const first = await locks.request(name, { ifAvailable: true }, async (lock) =>
    lock ? { done: await work(false) } : null,
  );
  return first ? first.done : locks.request(name, async () => work(true));
}

function isRefused(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.status === 422);
}

function parse(text: string | null): SignedIn | null {
  if (text === null) return null;
  try {
    const found = JSON.parse(text) as Partial<SignedIn> | null;
    const { userId, username, access, refresh, expiresAt } = found ?? {};
    if (userId && username && access && refresh && typeof expiresAt === "number") {
      return { userId, username, access, refresh, expiresAt };
    }
  } catch {
    // Not ours: as good as nothing.
  }
  return null;
}

/** The browser's storage; where it is forbidden, one that lasts as long as the page. */
function openStorage(): Storage {
  try {
    localStorage.getItem("");
    return localStorage;
  } catch {
    const kept = new Map<string, string>();
    return {
      get length() {
        return kept.size;
      },
      clear: () => kept.clear(),
      getItem: (key) => kept.get(key) ?? null,
      key: (index) => [...kept.keys()][index] ?? null,
      removeItem: (key) => void kept.delete(key),
      setItem: (key, value) => void kept.set(key, value),
    };
  }
}
