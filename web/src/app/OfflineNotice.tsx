import { useSyncExternalStore } from "react";

/** Says that there is no connection, for as long as there is none. */
export function OfflineNotice() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    // The element is always there: a screen reader hears what changes in it.
    <div role="status">
      {!online && (
        <p className="notice">
          You are offline. What you see stays; anything new has to wait for a connection.
        </p>
      )}
    </div>
  );
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
