import { useState } from "react";

import type { ProfileResponse } from "../api/models";
import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { useTask } from "../app/useTask";
import { saveFile } from "../trips/files";
import { countItems, exportName, shareOf } from "./exported";

/** Everything that is kept of the user, as a file on their device. */
export function ExportData({ profile }: { profile: ProfileResponse | undefined }) {
  const api = useApi();
  const [read, setRead] = useState(0);
  const { run, value, error, busy } = useTask(async (signal) => {
    setRead(0);
    const whole = await api.exportAccount(signal, setRead);
    const text = JSON.stringify(whole, null, 2);
    const name = exportName(whole);
    saveFile(new Blob([text], { type: "application/json" }), name);
    return { name, items: countItems(whole) };
  });
  return (
    <>
      <p>
        <button
          type="button"
          className="button"
          aria-disabled={busy}
          onClick={() => !busy && run()}
        >
          Export everything
        </button>
      </p>
      <div role="status">
        {busy && (
          <>
            <p>Collecting: {read} so far …</p>
            <progress
              aria-label="Collected"
              max={1}
              value={profile ? shareOf(read, profile) : undefined}
            />
          </>
        )}
        {value && !busy && (
          <p className="notice good">
            Saved as {value.name}: you and {value.items} more, as JSON.
          </p>
        )}
      </div>
      {error !== undefined && <Problem error={error} onRetry={run} />}
    </>
  );
}
