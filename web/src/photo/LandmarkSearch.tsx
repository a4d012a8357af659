// A text field that suggests landmarks: the pattern "combobox" of the ARIA Authoring Practices.
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useApi } from "../app/context";
import { whereabouts } from "../app/country";
import { useTask } from "../app/useTask";

export interface Option {
  id: string;
  name: string;
  where: string;
}

interface Props {
  label: string;
  hint?: string;
  /** What to suggest before anything is typed. */
  likely: Option[];
  /** Told the id of what is picked, or what is typed. */
  onChange: (landmark: string) => void;
}

const SUGGESTIONS = 6;
const PAUSE_MS = 250;
const MAX_NAME_CHARACTERS = 120;

export function LandmarkSearch({ label, hint, likely, onChange }: Props) {
  const id = useId();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const found = useSuggestions(text);
  const options = text.trim() === "" ? likely : found;
  const shown = open && options.length > 0;

  const type = (typed: string) => {
    setText(typed);
    setActive(-1);
    setOpen(true);
    onChange(typed);
  };
  const pick = (option: Option) => {
    setText(option.name);
    setOpen(false);
    setActive(-1);
    onChange(option.id);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place beside the options is the text itself.
      const places = options.length + 1;
      setActive(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && shown && options[active]) {
      event.preventDefault();
      pick(options[active]);
    } else if (event.key === "Escape" && shown) {
      event.stopPropagation();
      setOpen(false);
    }
  };
  return (
    <div className="field search">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        role="combobox"
        autoComplete="off"
        maxLength={MAX_NAME_CHARACTERS}
        value={text}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => type(event.currentTarget.value)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      <div id={`${id}-list`} role="listbox" aria-label="Suggestions" hidden={!shown}>
        {options.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys, as the pattern wants.
          <div
            key={option.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            // The field keeps the focus; without it the list would close before the click.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(option)}
          >
            {option.name} <span className="hint">{option.where}</span>
          </div>
        ))}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

/** Landmarks called something like this. Without a connection there are none, and none are needed. */
function useSuggestions(text: string): Option[] {
  const api = useApi();
  const { run, value, reset } = useTask(async (signal, q: string) => {
    const { landmarks } = await api.listLandmarks({ q, limit: SUGGESTIONS }, signal);
    return landmarks.map(({ landmark_id, landmark, city, country }) => ({
      id: landmark_id,
      name: landmark,
      where: whereabouts(city, country),
    }));
  });
  const asked = text.trim();
  useEffect(() => {
    // The service looks for letters or digits alone.
    if (!/[\p{L}\p{N}]/u.test(asked)) {
      reset();
      return;
    }
    const timer = setTimeout(() => run(asked), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [asked, run, reset]);
  return value ?? [];
}
