import { useState } from "react";

import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { Field } from "./Field";
import { checkEmail } from "./rules";
import { useForm } from "./useForm";

const FIELDS = ["email"] as const;
const CHECKS = { email: checkEmail };

/** Asks for a mail with a link to choose another password. */
export function Forgotten() {
  const api = useApi();
  const [answer, setAnswer] = useState<string>();
  const { form, field, submit, busy, problem } = useForm(FIELDS, CHECKS, async ({ email }) => {
    const { message } = await api.requestReset(email);
    setAnswer(message ?? "If this address has an account, a mail to it is on its way.");
  });
  return (
    <form ref={form} className="stack" noValidate onSubmit={submit}>
      {problem !== undefined && <Problem error={problem} onRetry={() => submit()} />}
      <p>We send you a mail with a link. It is good for an hour.</p>
      <Field label="E-mail" type="email" autoComplete="username" {...field("email")} />
      <button type="submit" className="button primary wide" disabled={busy}>
        {busy ? "Asking …" : "Send me the mail"}
      </button>
      <div role="status">
        {answer && (
          <p className="notice good">
            {answer} If it has a token in place of a link, <a href="#/reset">use that here</a>.
          </p>
        )}
      </div>
    </form>
  );
}
