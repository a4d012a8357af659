// Where the link of the mail leads: another password.
import { useEffect, useState } from "react";

import { ApiError } from "../api/errors";
import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { forgetResetToken, resetToken } from "../app/route";
import { PasswordField } from "./Field";
import { Forgotten } from "./Forgotten";
import { checkNewPassword, PASSWORD_HINT } from "./rules";
import { useForm } from "./useForm";
import "./sign-in.css";

export function ResetPage() {
  const [token] = useState(() => resetToken());
  useEffect(forgetResetToken, []);
  return (
    <div className="welcome alone">
      <div className="card stack">
        <h1>A new password</h1>
        {token ? <NewPassword token={token} /> : <Forgotten />}
      </div>
    </div>
  );
}

const FIELDS = ["password"] as const;
const CHECKS = { password: checkNewPassword };

function NewPassword({ token }: { token: string }) {
  const api = useApi();
  const [done, setDone] = useState(false);
  const { form, field, submit, busy, problem } = useForm(FIELDS, CHECKS, async ({ password }) => {
    await api.confirmReset({ token, password });
    // The session of this device has ended with all others.
    await api.signOut();
    setDone(true);
  });
  if (done) {
    return (
      <div className="stack" role="status">
        <p className="notice good">Your password is changed, and every device is signed out.</p>
        <a className="button primary" href="#/photo">
          Sign in
        </a>
      </div>
    );
  }
  if (problem instanceof ApiError && problem.code === "reset_token_invalid") {
    return (
      <>
        <Problem error={problem} />
        <Forgotten />
      </>
    );
  }
  return (
    <form ref={form} className="stack" noValidate onSubmit={submit}>
      {problem !== undefined && <Problem error={problem} onRetry={() => submit()} />}
      <PasswordField
        label="New password"
        hint={PASSWORD_HINT}
        autoComplete="new-password"
        {...field("password")}
      />
      <button type="submit" className="button primary wide" disabled={busy}>
        {busy ? "Saving …" : "Save it"}
      </button>
    </form>
  );
}
