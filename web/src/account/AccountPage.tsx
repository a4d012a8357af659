// Who one is here, how one leaves, and what is kept until then.
import { useEffect } from "react";

import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { useTask } from "../app/useTask";
import { DeleteAccount } from "./DeleteAccount";
import { ExportData } from "./ExportData";
import { Kept } from "./Kept";
import { Password } from "./Password";
import { Profile } from "./Profile";
import { SignOut } from "./SignOut";
import "./account.css";

export function AccountPage() {
  const api = useApi();
  const { run, value: profile, error, busy } = useTask((signal) => api.showProfile(signal));
  useEffect(() => run(), [run]);
  return (
    <div className="account stack">
      <h1>Account</h1>
      <section className="card stack" aria-labelledby="account-you">
        <h2 id="account-you">You</h2>
        {error !== undefined && <Problem error={error} onRetry={run} />}
        {busy && !profile && <p role="status">Your account is coming …</p>}
        {profile && <Profile profile={profile} onChanged={run} />}
        <Password />
      </section>
      <section className="card stack" aria-labelledby="account-sessions">
        <h2 id="account-sessions">Signing out</h2>
        <SignOut />
      </section>
      <section className="card stack" aria-labelledby="account-data">
        <h2 id="account-data">Your data</h2>
        <Kept />
        <ExportData profile={profile} />
      </section>
      <section className="card stack" aria-labelledby="account-end">
        <h2 id="account-end">Leaving</h2>
        <DeleteAccount profile={profile} />
      </section>
    </div>
  );
}
