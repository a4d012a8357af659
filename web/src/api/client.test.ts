import { beforeEach, describe, expect, test, vi } from "vitest";
import { KNOWN } from "../testing/answers";
import { type Asked, FakeRequest, gateway, json, problem, stubFetch } from "../testing/network";
import { ANNA } from "../testing/services";
import { exchangeAt } from "./channel";
import { TravelApi } from "./client";
import { SessionEndedError } from "./errors";
import { Session } from "./session";
import { LARGEST_IN_A_REQUEST_BYTES } from "./uploads";

const URL = "https://api.test";
const FORM = {
  upload_key: "uploads/01ANNA/1",
  url: "https://bucket.test",
  fields: { key: "uploads/01ANNA/1", policy: "…" },
  expires_in: 600,
  max_bytes: 26_214_400,
};

let session: Session;
let api: TravelApi;

beforeEach(() => {
  session = new Session(URL, exchangeAt(URL));
  api = new TravelApi(URL, session);
  session.keep(ANNA);
});

const bearer = ({ headers }: Asked) => headers.get("authorization");

describe("an access token that is not good any more", () => {
  const next = { ...ANNA, access_token: "access 2", refresh_token: "refresh 2" };

  test("is exchanged, and the request repeated", async () => {
    const asked = stubFetch((one) => {
      if (one.url.endsWith("/auth/refresh")) return json(next);
      if (bearer(one) === "Bearer access") return gateway(403, "Forbidden");
      return json({ predictions: [], next_cursor: null });
    });
    expect(await api.listPredictions()).toEqual({ predictions: [], next_cursor: null });
    expect(asked.map(({ url }) => url)).toEqual([
      `${URL}/predictions`,
      `${URL}/auth/refresh`,
      `${URL}/predictions`,
    ]);
    expect(asked.map(bearer)).toEqual(["Bearer access", null, "Bearer access 2"]);
  });

  test("is not what a wrong password is about", async () => {
    const asked = stubFetch(() => problem(403, "wrong_password"));
    const change = { current_password: "a", new_password: "b" };
    await expect(api.changePassword(change)).rejects.toMatchObject({ code: "wrong_password" });
    expect(asked).toHaveLength(1);
  });

  test("is not what the gateway refuses a new one for: the session goes on", async () => {
    let refuses = true;
    stubFetch(({ url }) => {
      if (url.endsWith("/auth/refresh")) return json(next);
      return refuses ? gateway(403, "Forbidden") : json({ predictions: [], next_cursor: null });
    });
    await expect(api.listPredictions()).rejects.toMatchObject({ status: 403, code: undefined });
    expect(session.current()).toMatchObject({ access: "access 2" });
    refuses = false;
    expect(await api.listPredictions()).toMatchObject({ predictions: [] });
  });

  test("that cannot be exchanged is the end of the session", async () => {
    stubFetch(({ url }) =>
      url.endsWith("/auth/refresh")
        ? problem(401, "refresh_token_invalid")
        : gateway(403, "Forbidden"),
    );
    await expect(api.showProfile()).rejects.toBeInstanceOf(SessionEndedError);
    expect(session.current()).toBeNull();
  });
});

describe("signing out", () => {
  test("works without a connection", async () => {
    stubFetch(() => Promise.reject(new TypeError("Failed to fetch")));
    await api.signOut();
    expect(session.current()).toBeNull();
  });

  test("everywhere says so where it could not be done", async () => {
    stubFetch(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(api.signOut(true)).rejects.toMatchObject({ reason: "unreachable" });
    expect(session.current()).not.toBeNull();
  });
});

test("an account that was deleted elsewhere is signed out here", async () => {
  stubFetch(() => problem(404, "account_not_found"));
  await expect(api.showProfile()).rejects.toMatchObject({ code: "account_not_found" });
  expect(session.current()).toBeNull();
});

describe("photos", () => {
  beforeEach(() => {
    FakeRequest.install();
  });

  test("go as they are where they are small", async () => {
    const photo = new Blob(["x"], { type: "image/png" });
    const answer = api.predict(photo);
    await vi.waitFor(() => expect(FakeRequest.all).toHaveLength(1));
    const { method, url, headers, body } = FakeRequest.last;
    expect([method, url, headers.get("content-type")]).toEqual([
      "POST",
      `${URL}/predict`,
      "image/png",
    ]);
    expect(body).toBe(photo);
    FakeRequest.last.answer(200, KNOWN);
    expect(await answer).toEqual(KNOWN);
  });

  test("go by way of an upload where they are large", async () => {
    const asked = stubFetch(({ url }) => json(url.endsWith("/uploads") ? FORM : KNOWN));
    const large = new Blob([new Uint8Array(LARGEST_IN_A_REQUEST_BYTES + 1)], {
      type: "image/jpeg",
    });
    const answer = api.predict(large);
    await vi.waitFor(() => expect(FakeRequest.all).toHaveLength(1));
    const sent = FakeRequest.last;
    expect(sent.url).toBe("https://bucket.test");
    // The bucket is not ours alone: no token for it.
    expect(sent.headers.get("authorization")).toBeNull();
    const form = sent.body as FormData;
    expect([...form.keys()]).toEqual(["key", "policy", "Content-Type", "file"]);
    sent.answer(204, "");
    expect(await answer).toEqual(KNOWN);
    expect(asked.map(({ body }) => body)).toEqual([
      null,
      JSON.stringify({ upload_key: FORM.upload_key }),
    ]);
  });

  test("that the bucket finds too large are said to be so", async () => {
    stubFetch(() => json(FORM));
    const large = new Blob([new Uint8Array(LARGEST_IN_A_REQUEST_BYTES + 1)]);
    const answer = api.predict(large);
    await vi.waitFor(() => expect(FakeRequest.all).toHaveLength(1));
    FakeRequest.last.answer(400, "<Error><Code>EntityTooLarge</Code></Error>");
    await expect(answer).rejects.toMatchObject({ status: 413, code: "image_too_large" });
  });

  test("are described with a question in a form", async () => {
    const answer = api.describe({ photo: new Blob(["x"]), prompt: "Which bridge?" });
    await vi.waitFor(() => expect(FakeRequest.all).toHaveLength(1));
    const form = FakeRequest.last.body as FormData;
    expect(form.get("prompt")).toBe("Which bridge?");
    FakeRequest.last.answer(200, { description: "A bridge." });
    expect(await answer).toMatchObject({ description: "A bridge." });
  });
});

describe("trips", () => {
  const trip = { itinerary_id: "7", etag: '"1"', name: "Rome", stops: [] };

  test("are changed in the version that was seen", async () => {
    const asked = stubFetch(() => json(trip, 200, { etag: '"2"' }));
    const changed = await api.changeItinerary("7", '"1"', { name: "Roma" });
    expect(changed.etag).toBe('"2"');
    expect(asked[0]?.headers.get("if-match")).toBe('"1"');
    expect(asked[0]?.headers.get("content-type")).toBe("application/json");
  });

  test("have the version of the body where the header is not shown to pages", async () => {
    stubFetch(() => json(trip));
    expect((await api.showItinerary("7")).etag).toBe('"1"');
  });

  test("are made with a key, so that a repeated request makes one", async () => {
    const asked = stubFetch(() => json(trip, 201));
    await api.createItinerary({ name: "Rome" });
    expect(asked[0]?.headers.get("idempotency-key")).toMatch(/^[0-9a-f]{32}$/);
  });
});

test("an export has the lists of all its parts", async () => {
  const part = { profile: {}, itineraries: [], sessions: [], usage: [], requests: [] };
  stubFetch(({ url }) =>
    url.includes("cursor=2")
      ? json({ ...part, predictions: [{ n: 2 }], next_cursor: null })
      : json({ ...part, predictions: [{ n: 1 }], next_cursor: "2" }),
  );
  const whole = await api.exportAccount();
  expect(whole.predictions).toEqual([{ n: 1 }, { n: 2 }]);
  expect(whole).not.toHaveProperty("next_cursor");
});

test("an address asks only for what is given", async () => {
  const asked = stubFetch(() => json({ landmarks: [] }));
  await api.listLandmarks({ q: "São Paulo", country: undefined, limit: 5 });
  expect(asked[0]?.url).toBe(`${URL}/landmarks?q=S%C3%A3o+Paulo&limit=5`);
});
