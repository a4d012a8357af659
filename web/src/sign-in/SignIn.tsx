import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { Field, PasswordField } from "./Field";
import { checkEmail } from "./rules";
import { useForm } from "./useForm";

const FIELDS = ["email", "password"] as const;

export function SignIn({ onForgotten }: { onForgotten: () => void }) {
  const api = useApi();
  const checks = {
    email: checkEmail,
    password: (text: string) => (text ? undefined : "Type your password."),
  };
  const { form, field, submit, busy, problem } = useForm(FIELDS, checks, (values) =>
    api.signIn(values),
  );
  return (
    <form ref={form} className="stack" noValidate onSubmit={submit}>
      {problem !== undefined && <Problem error={problem} onRetry={() => submit()} />}
      <Field label="E-mail" type="email" autoComplete="username" {...field("email")} />
      <PasswordField label="Password" autoComplete="current-password" {...field("password")} />
      <button type="submit" className="button primary wide" disabled={busy}>
        {busy ? "Signing in …" : "Sign in"}
      </button>
      <button type="button" className="button quiet" onClick={onForgotten}>
        I have forgotten my password
      </button>
    </form>
  );
}
