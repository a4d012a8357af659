// Says on every page that a change of a trip was not saved: the trip's own page has the rest.
import { useSyncExternalStore } from "react";

import { useTripEditors } from "../app/context";
import { useUnloadWarning } from "../app/useUnloadWarning";

interface Props {
  /** The trip whose page this is; null elsewhere. */
  shownId: string | null;
  /** Whether somebody is signed in: the names of trips are nobody else's. */
  open: boolean;
}

export function UnsavedTrips({ shownId, open }: Props) {
  const editors = useTripEditors();
  const { isUnsaved, toTell } = useSyncExternalStore(editors.subscribe, editors.state);
  useUnloadWarning(isUnsaved);
  const others = open ? toTell.filter(({ id }) => id !== shownId) : [];
  return (
    // The element is always there: a screen reader hears what changes in it.
    <div role="status">
      {others.length > 0 && (
        <ul className="notice stack tight">
          {others.map(({ id, name }) => (
            <li key={id} className="row unsaved-trip">
              <span>A change of “{name}” was not saved.</span>
              <a className="button" href={`#/trips/${encodeURIComponent(id)}`}>
                Look at it
                <span className="visually-hidden">: {name}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
