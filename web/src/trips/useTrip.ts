import { useEffect, useMemo, useSyncExternalStore } from "react";

import { useTripEditors } from "../app/context";
import type { EditorState, TripEditor } from "./editor";

/** A trip to look at and change; it is loaded, and looked at again when one comes back to the page. */
export function useTrip(id: string): { editor: TripEditor; state: EditorState } {
  const editors = useTripEditors();
  const editor = useMemo(() => editors.open(id), [editors, id]);
  const state = useSyncExternalStore(editor.subscribe, editor.state);
  useEffect(() => {
    // One that was kept has what it is about, and may be in the middle of it.
    if (editor.state().plan) void editor.refresh();
    else void editor.load();
    const look = () => {
      if (document.visibilityState === "visible") void editor.refresh();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [editor]);
  return { editor, state };
}
