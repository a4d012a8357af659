// Trips with something that is not settled: they outlive their page, for the one who changed them.
import { SessionEndedError } from "../api/errors";
import type { Session } from "../api/session";
import { type EditorApi, TripEditor } from "./editor";

export interface Unsettled {
  /** Whether something would be lost with the tab. */
  isUnsaved: boolean;
  /** Trips of which the traveller should hear that a change was not saved. */
  toTell: readonly { id: string; name: string }[];
}

type WhoIsHere = Pick<Session, "current" | "subscribe" | "expired">;

const NOTHING: Unsettled = { isUnsaved: false, toTell: [] };

export class TripEditors {
  readonly #kept = new Map<string, TripEditor>();
  readonly #listeners = new Set<() => void>();
  #now = NOTHING;
  #owner: string | null = null;
  /** Another one for each stay of a user, so that what is left of the one before is known. */
  #stay = {};

  constructor(
    private readonly api: EditorApi,
    private readonly session: WhoIsHere,
  ) {
    session.subscribe(() => this.#hear());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): Unsettled => {
    this.#belong();
    return this.#now;
  };

  /** The editor that was kept of a trip, or a new one; kept it is once there is a reason to. */
  open(id: string): TripEditor {
    const stay = this.#belong();
    const kept = this.#kept.get(id);
    if (kept) return kept;
    const editor = new TripEditor(this.api, id, () => this.#belong() === stay);
    editor.subscribe(() => {
      if (this.#belong() === stay) this.#look(editor);
    });
    return editor;
  }

  /** Nothing is left to be saved of a trip that is deleted. */
  forget(id: string): void {
    const editor = this.#kept.get(id);
    editor?.giveUp();
    editor?.dismiss();
  }

  #look(editor: TripEditor): void {
    const { saving, failed, notices } = editor.state();
    if (saving || failed.length > 0 || notices.length > 0) this.#kept.set(editor.id, editor);
    else if (this.#kept.get(editor.id) === editor) this.#kept.delete(editor.id);
    const all = [...this.#kept.values()].map((one) => ({ id: one.id, ...one.state() }));
    this.#now = {
      isUnsaved: all.some((one) => one.saving || one.failed.length > 0),
      toTell: all
        .filter((one) => one.failed.length > 0 || one.lost)
        .map(({ id, stored }) => ({ id, name: stored?.name ?? "" })),
    };
    this.#tell();
  }

  /** Look who is here, and drop what somebody else has left; their own sign-out drops it, too. */
  #belong(): object {
    const here = this.session.current()?.userId;
    // Who was signed out by the service finds it again after signing in.
    const owner = here ?? (this.session.expired ? this.#owner : null);
    if (owner !== this.#owner) {
      this.#owner = owner;
      this.#stay = {};
      this.#kept.clear();
      this.#now = NOTHING;
    }
    return this.#stay;
  }

  /** Somebody came or went: go on with what their own sign-out stopped. */
  #hear(): void {
    this.#belong();
    if (this.session.current()) {
      for (const editor of [...this.#kept.values()]) {
        if (editor.state().error instanceof SessionEndedError) editor.retry();
      }
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
