// Run against the API at API_URL, in a browser's DOM made by happy-dom.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";

import { Window } from "happy-dom";
import { act } from "react";
import { createRoot } from "react-dom/client";

import { TravelApi, type Tokens } from "../src/api.js";
import { PhotoGuide } from "../src/PhotoGuide.js";

const URL_OF_API = process.env.API_URL ?? "";
const PHOTO = process.env.PHOTO ?? "";
const LARGE_PHOTO = process.env.LARGE_PHOTO ?? "";
const SECONDS = 60;

const kept: (Tokens | null)[] = [];

before(() => {
  const window = new Window();
  Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });
});

async function signedUp(): Promise<Tokens> {
  const api = new TravelApi(URL_OF_API, null, (tokens) => kept.push(tokens));
  const name = `react-${randomBytes(4).toString("hex")}`;
  await api.signUp({ email: `${name}@example.com`, username: name, password: "a long walk in Rome" });
  const tokens = kept.at(-1);
  assert.ok(tokens);
  return tokens;
}

async function show(api: TravelApi): Promise<HTMLElement> {
  const container = document.createElement("div");
  document.body.append(container);
  await act(async () => createRoot(container).render(<PhotoGuide api={api} />));
  return container;
}

async function choose(container: HTMLElement, photo: File): Promise<void> {
  const input = container.querySelector("input");
  assert.ok(input);
  Object.defineProperty(input, "files", { value: [photo], configurable: true });
  await act(async () => {
    input.dispatchEvent(new window.Event("change", { bubbles: true }));
  });
}

async function until(condition: () => boolean, container: HTMLElement): Promise<void> {
  const end = Date.now() + SECONDS * 1000;
  while (!condition()) {
    assert.ok(Date.now() < end, `still showing: ${container.innerHTML}`);
    await act(async () => new Promise((resolve) => setTimeout(resolve, 50)));
  }
}

async function photoAt(path: string): Promise<File> {
  return new File([await readFile(path)], "photo.jpg", { type: "image/jpeg" });
}

test("a photo is named, and places to go to are listed", async () => {
  const container = await show(new TravelApi(URL_OF_API, await signedUp()));
  await choose(container, await photoAt(PHOTO));
  assert.match(container.textContent ?? "", /Looking/);
  await until(() => container.querySelector("h2") !== null, container);
  assert.equal(container.querySelector("h2")?.textContent, "Colosseum");
  assert.equal(container.querySelectorAll("li").length, 3);
});

test("a token that has ended is exchanged on the way", async () => {
  const { refresh } = await signedUp();
  const changes: (Tokens | null)[] = [];
  const spent = { access: "a.token.long-ended", refresh };
  const api = new TravelApi(URL_OF_API, spent, (tokens) => changes.push(tokens));
  const asked = { itinerary_landmarks: ["Colosseum"], top_k: 1 };
  const answers = await Promise.all([api.recommend(asked), api.recommend(asked)]);
  assert.deepEqual(answers.map((answer) => answer.recommendations.length), [1, 1]);
  assert.equal(changes.length, 1);
});

test("what is no photo is told to be none", async () => {
  const container = await show(new TravelApi(URL_OF_API, await signedUp()));
  await choose(container, new File(["hello"], "photo.jpg", { type: "image/jpeg" }));
  await until(() => container.querySelector("[role=alert]") !== null, container);
  assert.match(container.textContent ?? "", /cannot be read/);
});

test("a photo that is too large for a request is uploaded", async () => {
  const api = new TravelApi(URL_OF_API, await signedUp());
  const photo = await photoAt(LARGE_PHOTO);
  assert.ok(photo.size > 4_000_000);
  assert.equal((await api.predict(photo)).landmark, "Colosseum");
});
