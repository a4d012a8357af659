// A trip that is being changed: shown at once, sent one after another, taken back if that fails.
// What was written is not taken back: it stays in its field, for another try.
import type { TravelApi, Versioned } from "../api/client";
import { ApiError, SessionEndedError } from "../api/errors";
import type { ItineraryResponse } from "../api/models";
import { CannotApply, changesBetween, type Edit, type Plan, planOf } from "./edits";

export interface EditorState {
  /** As the API has it; undefined until it was loaded. */
  stored: ItineraryResponse | undefined;
  /** With the changes that are still on their way. */
  plan: Plan | undefined;
  loading: boolean;
  saving: boolean;
  /** Why it could not be loaded, or changes could not be saved. */
  error: unknown;
  /** The changes that could not be saved, for another try. */
  failed: readonly Edit[];
  /** What the traveller should know: it was changed elsewhere, a change did not fit. */
  notices: readonly string[];
  /** Whether the notices tell of a change that did not fit. */
  lost: boolean;
}

export type EditorApi = Pick<TravelApi, "showItinerary" | "changeItinerary">;

const CHANGED_ELSEWHERE =
  "This trip was changed in another window or on another device. Here is its newest version.";
const WITH_YOURS =
  "This trip was changed in another window or on another device. Here is its newest version, with your change in it.";
// The first is the usual case; the second means that somebody is working on it at this moment.
const MOST_TRIES = 4;

export class TripEditor {
  #state: EditorState = {
    stored: undefined,
    plan: undefined,
    loading: false,
    saving: false,
    error: undefined,
    failed: [],
    notices: [],
    lost: false,
  };
  #version: Versioned<ItineraryResponse> | null = null;
  #pending: Edit[] = [];
  readonly #listeners = new Set<() => void>();

  /** `mayGoOn` is asked before anything is sent: whoever is signed in by then may be another. */
  constructor(
    private readonly api: EditorApi,
    readonly id: string,
    private readonly mayGoOn: () => boolean = () => true,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): EditorState => this.#state;

  /** Load it, or load it anew; what is being saved is not disturbed. */
  async load(): Promise<void> {
    if (this.#state.loading || this.#state.saving) return;
    this.#set({ loading: true, error: undefined });
    try {
      const found = await this.api.showItinerary(this.id);
      // A change made meanwhile has been sent with the version before: it will ask for the newest.
      if (!this.#state.saving) this.#take(found);
      this.#set({ loading: false });
    } catch (error) {
      this.#set({ loading: false, error });
    }
  }

  /** Look whether it was changed elsewhere, without a word where that fails. */
  async refresh(): Promise<void> {
    if (!this.#version || !this.#isAtRest()) return;
    const before = this.#version.etag;
    const found = await this.api.showItinerary(this.id).catch(() => null);
    if (!found || found.etag === before || !this.#isAtRest()) return;
    if (this.#version.etag === before) this.#take(found);
  }

  /** Make changes: they show at once, and are sent when those before them have been. */
  edit(...edits: Edit[]): void {
    if (!this.#version || edits.length === 0) return;
    const stored = planOf(this.#version.value);
    const refused: string[] = [];
    for (const edit of edits) {
      try {
        // Throws where this one cannot be made, whatever became of others.
        edit.apply(this.#planOn(stored), stored);
        this.#pending.push(edit);
      } catch (error) {
        if (!(error instanceof CannotApply)) throw error;
        refused.push(error.message);
      }
    }
    // What was written stays until it is written anew; of the rest one has seen it taken back.
    const failed = this.#written().filter(({ field }) =>
      edits.every((edit) => edit.field !== field),
    );
    this.#set({
      failed,
      error: failed.length > 0 ? this.#state.error : undefined,
      notices: refused,
      lost: refused.length > 0,
    });
    this.#take(this.#version);
    if (this.#pending.length > 0 && !this.#state.saving) void this.#save();
  }

  /** Make the changes again that could not be saved, or load what could not be loaded. */
  retry(): void {
    if (!this.#version) {
      void this.load();
      return;
    }
    const { failed } = this.#state;
    this.#set({ failed: [], error: undefined });
    this.edit(...failed);
  }

  /** Wait until nothing is on its way, for what has to be asked of the newest version. */
  settled(): Promise<void> {
    if (!this.#state.saving) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        if (this.#state.saving) return;
        stop();
        resolve();
      });
    });
  }

  /** The traveller knows of the notices. */
  dismiss(): void {
    this.#set({ notices: [], lost: false });
  }

  /** Leave what could not be saved, also what was written. */
  giveUp(): void {
    this.#set({ failed: [], error: undefined });
    this.#take(this.#version);
  }

  async #save(): Promise<void> {
    this.#set({ saving: true });
    while (this.#pending.length > 0) {
      // All that have come together go as one.
      const batch = [...this.#pending];
      try {
        await this.#send(batch);
      } catch (error) {
        const failed = [...this.#state.failed, ...this.#pending];
        this.#pending = [];
        this.#set({ failed, error });
        this.#take(this.#version);
      }
    }
    this.#set({ saving: false });
  }

  async #send(batch: readonly Edit[]): Promise<void> {
    if (!this.#version) return;
    const known = planOf(this.#version.value);
    for (let tries = 1; ; tries += 1) {
      if (!this.mayGoOn()) throw new SessionEndedError();
      const plan = planOf(this.#version.value);
      const { plan: wanted, lost } = applyThoseThatFit(plan, batch, known);
      const changes = changesBetween(plan, wanted);
      this.#tell(tries, changes !== null, batch.length, lost);
      try {
        if (changes) {
          this.#version = await this.api.changeItinerary(this.id, this.#version.etag, changes);
        }
        this.#pending = this.#pending.slice(batch.length);
        this.#take(this.#version);
        return;
      } catch (error) {
        if (!isChangedMeanwhile(error) || tries >= MOST_TRIES || !this.mayGoOn()) throw error;
      }
      this.#version = await this.api.showItinerary(this.id);
    }
  }

  /** Say that there was a newer version, and which changes did not fit it. */
  #tell(tries: number, changes: boolean, asked: number, lost: readonly string[]): void {
    const notices = [...lost];
    // Nothing left to change: what was newer may be the change itself, its answer lost.
    if (tries > 1 && (changes || lost.length > 0)) {
      notices.unshift(lost.length < asked ? WITH_YOURS : CHANGED_ELSEWHERE);
    }
    if (notices.length === 0) return;
    const { notices: before, lost: lostBefore } = this.#state;
    this.#set({
      notices: [...new Set([...before, ...notices])],
      lost: lostBefore || lost.length > 0,
    });
  }

  /** The plan as it is shown; what does not fit is said when its turn comes. */
  #planOn(stored: Plan): Plan {
    return applyThoseThatFit(stored, [...this.#written(), ...this.#pending], stored).plan;
  }

  /** What was written and could not be saved. */
  #written(): Edit[] {
    return this.#state.failed.filter(({ field }) => field !== undefined);
  }

  /**
   * Whether nothing is on its way. What failed may have been done, its answer lost: only beside the
   * version that it was made on can that be told, when it is tried again.
   */
  #isAtRest(): boolean {
    return !this.#state.loading && !this.#state.saving && this.#state.failed.length === 0;
  }

  #take(version: Versioned<ItineraryResponse> | null): void {
    this.#version = version;
    if (!version) return;
    this.#set({ stored: version.value, plan: this.#planOn(planOf(version.value)) });
  }

  #set(changes: Partial<EditorState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

export function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412;
}

/** Apply what can be, and say of the rest why it cannot. */
function applyThoseThatFit(plan: Plan, edits: readonly Edit[], known: Plan) {
  const lost: string[] = [];
  let sofar = plan;
  for (const edit of edits) {
    try {
      sofar = edit.apply(sofar, known);
    } catch (error) {
      if (!(error instanceof CannotApply)) throw error;
      lost.push(error.message);
    }
  }
  return { plan: sofar, lost };
}
