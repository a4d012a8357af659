import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { Field, PasswordField } from "./Field";
import { checkEmail, checkNewPassword, checkUsername, PASSWORD_HINT, USERNAME_HINT } from "./rules";
import { useForm } from "./useForm";

const FIELDS = ["email", "username", "password"] as const;
const CHECKS = { email: checkEmail, username: checkUsername, password: checkNewPassword };

export function SignUp() {
  const api = useApi();
  const { form, field, submit, busy, problem } = useForm(FIELDS, CHECKS, (values) =>
    api.signUp(values),
  );
  return (
    <form ref={form} className="stack" noValidate onSubmit={submit}>
      {problem !== undefined && <Problem error={problem} onRetry={() => submit()} />}
      {/* The address is what one signs in with, so it is the "username" of password managers. */}
      <Field label="E-mail" type="email" autoComplete="username" {...field("email")} />
      <Field
        label="Username"
        hint={USERNAME_HINT}
        autoComplete="nickname"
        autoCapitalize="none"
        spellCheck={false}
        {...field("username")}
      />
      <PasswordField
        label="Password"
        hint={PASSWORD_HINT}
        autoComplete="new-password"
        {...field("password")}
      />
      <button type="submit" className="button primary wide" disabled={busy}>
        {busy ? "Creating your account …" : "Create my account"}
      </button>
    </form>
  );
}
