import type { ProfileResponse } from "../api/models";
import { useApi } from "../app/context";
import { FormButtons } from "../app/FormButtons";
import { Problem } from "../app/Problem";
import { Field } from "../sign-in/Field";
import { checkUsername, USERNAME_HINT } from "../sign-in/rules";
import { useForm } from "../sign-in/useForm";
import { Disclosure } from "./Disclosure";

interface Props {
  profile: ProfileResponse;
  onChanged: () => void;
}

const SINCE = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });

export function Profile({ profile, onChanged }: Props) {
  return (
    <>
      <dl className="account-facts">
        <Fact name="Username">{profile.username}</Fact>
        <Fact name="E-mail">{profile.email}</Fact>
        <Fact name="Here since">{SINCE.format(new Date(profile.created_at))}</Fact>
        <Fact name="Photos named">{profile.prediction_count}</Fact>
        <Fact name="Trips">{profile.itinerary_count}</Fact>
      </dl>
      <Disclosure title="Change the username">
        {(close) => (
          <UsernameForm
            onCancel={() => close()}
            onDone={(username) => {
              close(`You are ${username} now.`);
              onChanged();
            }}
          />
        )}
      </Disclosure>
    </>
  );
}

function Fact({ name, children }: { name: string; children: string | number }) {
  return (
    <div>
      <dt className="hint">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const FIELDS = ["username"] as const;
const CHECKS = { username: checkUsername };

interface FormProps {
  onDone: (username: string) => void;
  onCancel: () => void;
}

function UsernameForm({ onDone, onCancel }: FormProps) {
  const api = useApi();
  const { form, field, submit, busy, problem } = useForm(FIELDS, CHECKS, async (values) => {
    onDone((await api.changeProfile(values)).username);
  });
  return (
    <form ref={form} className="stack" noValidate onSubmit={submit}>
      {problem !== undefined && <Problem error={problem} onRetry={() => submit()} />}
      <Field
        label="New username"
        hint={`${USERNAME_HINT} The old one is free for others at once.`}
        autoComplete="nickname"
        autoCapitalize="none"
        spellCheck={false}
        {...field("username")}
      />
      <FormButtons busy={busy} send="Change it" sending="Changing …" onCancel={onCancel} />
    </form>
  );
}
