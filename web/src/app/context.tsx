// What every part of the page may ask for.
import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

import type { TravelApi } from "../api/client";
import type { Session } from "../api/session";
import type { PhotoDesk } from "../photo/desk";
import type { TripEditors } from "../trips/editors";
import type { Settings } from "./settings";

export interface Services {
  api: TravelApi;
  session: Session;
  settings: Settings;
  desk: PhotoDesk;
  trips: TripEditors;
}

const ServicesContext = createContext<Services | null>(null);

export function ServicesProvider({ value, children }: { value: Services; children: ReactNode }) {
  return <ServicesContext value={value}>{children}</ServicesContext>;
}

function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error("There is no ServicesProvider around this.");
  return services;
}

export function useApi(): TravelApi {
  return useServices().api;
}

export function useSettings(): Settings {
  return useServices().settings;
}

/** The photo on the desk: it stays there while one looks at other parts of the page. */
export function useDesk(): PhotoDesk {
  return useServices().desk;
}

/** Trips that are being changed: what is not settled outlives its page. */
export function useTripEditors(): TripEditors {
  return useServices().trips;
}

/** Who is signed in, in whatever tab that was done; null for nobody. */
export function useSession(): { username: string; userId: string } | null {
  const { session } = useServices();
  return useSyncExternalStore(session.subscribe, session.current);
}

/** What to say to who has just deleted their account. */
export function useFarewell(): string {
  return useServices().session.farewell;
}

/** Whether the last session ended by itself, so that whoever signs in again can be told why. */
export function useHasExpired(): boolean {
  return useServices().session.expired;
}

/** Whether somebody has been signed in on this device before. */
export function useHasBeenHere(): boolean {
  return useServices().session.hasBeenHere();
}
