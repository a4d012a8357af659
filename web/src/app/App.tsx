// From the settings of this deployment to the page.
import { type ReactNode, useEffect, useMemo } from "react";

import { exchangeAt } from "../api/channel";
import { TravelApi } from "../api/client";
import { ConnectionError } from "../api/errors";
import { Session } from "../api/session";
import { PhotoDesk } from "../photo/desk";
import { TripEditors } from "../trips/editors";
import { Announcer } from "./Announcer";
import { Boundary } from "./Boundary";
import { type Services, ServicesProvider } from "./context";
import { Problem } from "./Problem";
import { Shell } from "./Shell";
import { loadSettings, type Settings } from "./settings";
import { useTask } from "./useTask";

export function App() {
  const { value: settings, error, run } = useTask(load);
  useEffect(run, [run]);
  let shown: ReactNode = null;
  if (settings) shown = <Ready settings={settings} />;
  else if (error) shown = <Problem error={error} onRetry={run} />;
  return (
    <Boundary>
      <Announcer>{shown}</Announcer>
    </Boundary>
  );
}

function Ready({ settings }: { settings: Settings }) {
  const services = useMemo(() => createServices(settings), [settings]);
  return (
    <ServicesProvider value={services}>
      <Shell />
    </ServicesProvider>
  );
}

function createServices(settings: Settings): Services {
  const session = new Session(settings.api_url, exchangeAt(settings.api_url));
  const api = new TravelApi(settings.api_url, session);
  const trips = new TripEditors(api, session);
  return { api, session, settings, desk: new PhotoDesk(api), trips };
}

async function load(): Promise<Settings> {
  try {
    return await loadSettings();
  } catch (error) {
    // What fetch throws when there is no answer.
    if (error instanceof TypeError) throw new ConnectionError("unreachable");
    throw error;
  }
}
