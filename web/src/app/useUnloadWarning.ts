import { useEffect } from "react";

/**
 * Have the browser ask before the tab is closed, for as long as something would be lost with it.
 *
 * Only that long: a page that listens for this is not kept for the way back.
 */
export function useUnloadWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    // A listener of its own: one that is shared would go with the first that needs it no more.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [active]);
}
