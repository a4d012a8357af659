// What is typed, checked, sent, and found wrong: the same for every form here.
import { type FormEvent, useEffect, useRef, useState } from "react";

import { useTask } from "../app/useTask";
import { type Errors, fieldErrors } from "./rules";

type Values<F extends string> = Record<F, string>;
type Checks<F extends string> = Partial<Record<F, (text: string) => string | undefined>>;

/** `checks` find slips before anything is sent; `send` gets what was typed. */
export function useForm<F extends string>(
  fields: readonly F[],
  checks: Checks<F>,
  send: (values: Values<F>) => Promise<void>,
) {
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(
    () => Object.fromEntries(fields.map((field) => [field, ""])) as Values<F>,
  );
  const [slips, setSlips] = useState<Errors>({});
  const { run, error, busy } = useTask((_signal, typed: Values<F>) => send(typed));
  const said = fieldErrors(error, fields);
  const errors: Errors = { ...said, ...slips };
  const wrong = Object.keys(errors).join(" ");

  useEffect(() => {
    // To the first field that has to change, once the page shows what is wrong with it.
    if (wrong) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [wrong]);

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const found: Errors = {};
    for (const field of fields) {
      const slip = checks[field]?.(values[field]);
      if (slip) found[field] = slip;
    }
    setSlips(found);
    if (Object.keys(found).length === 0) run(values);
  };
  const field = (name: F) => ({
    name,
    value: values[name],
    error: errors[name],
    required: true,
    onValue: (value: string) => setValues((before) => ({ ...before, [name]: value })),
  });
  // What is said at a field is not said twice.
  const problem = Object.keys(said).length > 0 ? undefined : error;
  return { form, field, submit, busy, problem, values };
}
