import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { navigate } from "../app/route";
import { useTask } from "../app/useTask";

export function SignOut() {
  const api = useApi();
  const { run, error, busy } = useTask(async (_signal, everywhere: boolean) => {
    // Before it is done: this part of the page goes with the session.
    const leave = () => navigate("/photo");
    const done = api.signOut(everywhere);
    if (!everywhere) leave();
    await done;
    leave();
  });
  return (
    <>
      <div className="row">
        <button type="button" className="button" onClick={() => run(false)}>
          Sign out
        </button>
        <button
          type="button"
          className="button"
          aria-disabled={busy}
          onClick={() => !busy && run(true)}
        >
          {busy ? "Signing out …" : "Sign out on all devices"}
        </button>
      </div>
      <p className="hint">Other devices may go on for up to half an hour until they notice.</p>
      {error !== undefined && <Problem error={error} onRetry={() => run(true)} />}
    </>
  );
}
