// Parts of the page with an API that is not there.
import { render } from "@testing-library/react";
import type { ReactElement } from "react";

import type { TravelApi } from "../api/client";
import type { SignedInResponse } from "../api/models";
import { Session } from "../api/session";
import { Announcer } from "../app/Announcer";
import { type Services, ServicesProvider } from "../app/context";
import { PhotoDesk } from "../photo/desk";
import { TripEditors } from "../trips/editors";

/** What a test lets the API do; anything else is a TypeError. */
export type FakeApi = Partial<Pick<TravelApi, keyof TravelApi>>;

export const ANNA: SignedInResponse = {
  user_id: "01ANNA",
  username: "anna",
  access_token: "access",
  refresh_token: "refresh",
  token_type: "bearer",
  expires_in: 1800,
};

export function fakeServices(api: FakeApi = {}, others: Partial<Services> = {}): Services {
  const session = new Session("https://api.test", () => Promise.reject(new Error("not expected")));
  session.keep(ANNA);
  return {
    api: api as TravelApi,
    session,
    settings: { api_url: "https://api.test", tiles: null },
    desk: new PhotoDesk(api as TravelApi),
    trips: new TripEditors(api as TravelApi, session),
    ...others,
  };
}

/** Render something as somebody signed in sees it. */
export function renderWith(
  element: ReactElement,
  api: FakeApi = {},
  others: Partial<Services> = {},
) {
  const services = fakeServices(api, others);
  const wrap = (inner: ReactElement) => (
    <ServicesProvider value={services}>
      <Announcer>{inner}</Announcer>
    </ServicesProvider>
  );
  const view = render(wrap(element));
  return { ...view, services, rerender: (next: ReactElement) => view.rerender(wrap(next)) };
}
