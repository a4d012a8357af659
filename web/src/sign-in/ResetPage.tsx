// Where the link of the mail leads: another password.
import { useEffect, useState } from "react";

import { ApiError } from "../api/errors";
import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { forgetResetToken, resetToken } from "../app/route";
import { Field, PasswordField } from "./Field";
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
        <NewPassword linked={token} />
      </div>
    </div>
  );
}

const FIELDS = ["token", "password"] as const;

/** A mail has the token in its link, or bare where its sender knows no address of this page. */
function NewPassword({ linked }: { linked: string | null }) {
  const api = useApi();
  const [done, setDone] = useState(false);
  const checks = {
    token: (text: string) => (linked || text.trim() ? undefined : "Copy it from the mail."),
    password: checkNewPassword,
  };
  const { form, field, submit, busy, problem } = useForm(FIELDS, checks, async (typed) => {
    await api.confirmReset({ token: linked ?? typed.token.trim(), password: typed.password });
    setDone(true);
    // The session of this device has ended with all others.
    await api.signOut();
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
      {!linked && (
        <Field
          label="Token from the mail"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          {...field("token")}
        />
      )}
      <PasswordField
        label="New password"
        hint={PASSWORD_HINT}
        autoComplete="new-password"
        {...field("password")}
      />
      <button type="submit" className="button primary wide" disabled={busy}>
        {busy ? "Saving …" : "Save it"}
      </button>
      {!linked && (
        <a className="button quiet" href="#/photo">
          Back to signing in
        </a>
      )}
    </form>
  );
}
