import type { ProfileResponse } from "../api/models";
import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { navigate } from "../app/route";
import { counted } from "../places/words";
import { PasswordField } from "../sign-in/Field";
import { useForm } from "../sign-in/useForm";
import { Disclosure } from "./Disclosure";
import { wrongPasswordAt } from "./wrongPassword";

interface Props {
  profile: ProfileResponse | undefined;
}

export function DeleteAccount({ profile }: Props) {
  return (
    <Disclosure title="Delete my account" danger>
      {(close) => <Question profile={profile} onCancel={() => close()} />}
    </Disclosure>
  );
}

const FIELDS = ["password"] as const;
const CHECKS = { password: (text: string) => (text ? undefined : "Type your password.") };

/** The password is the confirmation: nobody types it by mistake. */
function Question({ profile, onCancel }: Props & { onCancel: () => void }) {
  const api = useApi();
  const { form, field, submit, busy, problem } = useForm(FIELDS, CHECKS, async (values) => {
    await wrongPasswordAt("password", api.deleteAccount(values));
    // Signed out by now, and told so: who comes next begins at the beginning.
    navigate("/photo");
  });
  return (
    <form ref={form} className="stack" noValidate onSubmit={submit}>
      <p>
        This deletes your account at once and for good: the answers to your photos
        {profile && ` (${profile.prediction_count})`}, what you said to them, your trips
        {profile && ` (${counted(profile.itinerary_count, "trip")})`}, and every sign-in. Nobody can
        bring them back, so export what you want to keep.
      </p>
      {problem !== undefined && <Problem error={problem} onRetry={() => submit()} />}
      <PasswordField label="Password" autoComplete="current-password" {...field("password")} />
      <div className="row">
        <button type="submit" className="button danger" disabled={busy}>
          {busy ? "Deleting …" : "Delete everything"}
        </button>
        <button type="button" className="button quiet" onClick={onCancel}>
          Keep my account
        </button>
      </div>
    </form>
  );
}
