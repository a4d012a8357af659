import { useEffect, useMemo, useSyncExternalStore } from "react";

import { useApi } from "../app/context";
import { type EditorState, TripEditor } from "./editor";

/** A trip to look at and change; it is loaded, and looked at again when one comes back to the page. */
export function useTrip(id: string): { editor: TripEditor; state: EditorState } {
  const api = useApi();
  const editor = useMemo(() => new TripEditor(api, id), [api, id]);
  const state = useSyncExternalStore(editor.subscribe, editor.state);
  useEffect(() => {
    void editor.load();
    const look = () => {
      if (document.visibilityState === "visible") void editor.refresh();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [editor]);
  return { editor, state };
}
