// What this is, and the way in.
import { useState } from "react";

import { useFarewell, useHasBeenHere, useHasExpired } from "../app/context";
import { Landscape } from "../photo/Landscape";
import { Forgotten } from "./Forgotten";
import { SignIn } from "./SignIn";
import { SignUp } from "./SignUp";
import "./sign-in.css";

type Way = "up" | "in" | "forgotten";

export function Welcome() {
  const expired = useHasExpired();
  const farewell = useFarewell();
  const hasBeenHere = useHasBeenHere();
  const [way, setWay] = useState<Way>(hasBeenHere ? "in" : "up");
  return (
    <div className="welcome">
      <div className="stack">
        <Landscape />
        <h1>Know the place in your photo</h1>
        <p className="lead">
          Drop a photo and learn which landmark it shows. Then see what is worth visiting nearby,
          and plan your days.
        </p>
      </div>
      <div className="card stack">
        {expired && (
          <p className="notice" role="status">
            You have been signed out, for safety. Sign in to go on where you were.
          </p>
        )}
        {farewell && (
          <p className="notice good" role="status">
            {farewell}
          </p>
        )}
        {way === "forgotten" ? (
          <>
            <h2>A new password</h2>
            <Forgotten />
            <button type="button" className="button quiet" onClick={() => setWay("in")}>
              Back to signing in
            </button>
          </>
        ) : (
          <>
            <Ways way={way} onChange={setWay} />
            {way === "in" ? <SignIn onForgotten={() => setWay("forgotten")} /> : <SignUp />}
          </>
        )}
      </div>
    </div>
  );
}

function Ways({ way, onChange }: { way: Way; onChange: (way: Way) => void }) {
  return (
    <fieldset className="ways">
      <legend className="visually-hidden">Have you been here before?</legend>
      {(["up", "in"] as const).map((each) => (
        <label key={each}>
          <input
            type="radio"
            name="way"
            className="visually-hidden"
            checked={way === each}
            onChange={() => onChange(each)}
          />
          <span>{each === "up" ? "I am new here" : "I have an account"}</span>
        </label>
      ))}
    </fieldset>
  );
}
