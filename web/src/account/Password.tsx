import { useApi } from "../app/context";
import { FormButtons } from "../app/FormButtons";
import { Problem } from "../app/Problem";
import { PasswordField } from "../sign-in/Field";
import { checkNewPassword, PASSWORD_HINT } from "../sign-in/rules";
import { useForm } from "../sign-in/useForm";
import { Disclosure } from "./Disclosure";
import { wrongPasswordAt } from "./wrongPassword";

export function Password() {
  return (
    <Disclosure title="Change the password">
      {(close) => (
        <PasswordForm
          onCancel={() => close()}
          onDone={() => close("Your password is changed. Every other device is signed out.")}
        />
      )}
    </Disclosure>
  );
}

const FIELDS = ["current_password", "new_password"] as const;
const CHECKS = {
  current_password: (text: string) => (text ? undefined : "Type your current password."),
  new_password: checkNewPassword,
};

function PasswordForm({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const api = useApi();
  const { form, field, submit, busy, problem } = useForm(FIELDS, CHECKS, async (values) => {
    await wrongPasswordAt("current_password", api.changePassword(values));
    onDone();
  });
  return (
    <form ref={form} className="stack" noValidate onSubmit={submit}>
      {problem !== undefined && <Problem error={problem} onRetry={() => submit()} />}
      <PasswordField
        label="Current password"
        autoComplete="current-password"
        {...field("current_password")}
      />
      <PasswordField
        label="New password"
        hint={PASSWORD_HINT}
        autoComplete="new-password"
        {...field("new_password")}
      />
      <FormButtons busy={busy} send="Change it" sending="Changing …" onCancel={onCancel} />
    </form>
  );
}
