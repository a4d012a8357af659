// What is around every page: where one can go, and who may.
import {
  type ComponentType,
  lazy,
  type RefObject,
  Suspense,
  useEffect,
  useLayoutEffect,
  useRef,
} from "react";

import { ConnectionError } from "../api/errors";
import { PhotoPage } from "../photo/PhotoPage";
import { ResetPage } from "../sign-in/ResetPage";
import { Welcome } from "../sign-in/Welcome";
import { UnsavedTrips } from "../trips/UnsavedTrips";
import { Boundary } from "./Boundary";
import { useDesk, useHasExpired, useSession } from "./context";
import { CameraIcon, HistoryIcon, LogoIcon, PersonIcon, TripIcon } from "./icons";
import { OfflineNotice } from "./OfflineNotice";
import { usePath } from "./route";

const TripsPage = part(async () => (await import("../trips/TripsPage")).TripsPage);
const TripPage = part(async () => (await import("../trips/TripPage")).TripPage);
const HistoryPage = part(async () => (await import("../history/HistoryPage")).HistoryPage);
const PredictionPage = part(async () => (await import("../history/PredictionPage")).PredictionPage);
const AccountPage = part(async () => (await import("../account/AccountPage")).AccountPage);

const PLACES = [
  { name: "photo", title: "Photo", Icon: CameraIcon },
  { name: "trips", title: "Trips", Icon: TripIcon },
  { name: "history", title: "History", Icon: HistoryIcon },
  { name: "account", title: "Account", Icon: PersonIcon },
];

const SITE = "Where was this?";

export function Shell() {
  const session = useSession();
  const path = usePath();
  const main = useRef<HTMLElement>(null);
  useOwnedDesk(session?.userId);
  useArrival(path, session?.userId, main);
  const [place = "photo", id] = path;
  const open = session !== null && place !== "reset";
  return (
    <div className={open ? "shell with-nav" : "shell"}>
      {/* A button, since an address with another '#' would be another page. */}
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header className="top">
        <a className="brand" href="#/photo">
          <LogoIcon />
          {SITE}
        </a>
        {open && <Navigation place={place} />}
      </header>
      <OfflineNotice />
      <UnsavedTrips shownId={place === "trips" && id ? id : null} open={open} />
      <main ref={main} tabIndex={-1}>
        <Boundary key={path.join("/")}>
          <Suspense fallback={<p role="status">Loading …</p>}>
            {place === "reset" ? (
              <ResetPage />
            ) : session ? (
              // Whoever is next begins anew, and does not find what the page has of the one before.
              <CurrentPage key={session.userId} path={path} />
            ) : (
              <Welcome />
            )}
          </Suspense>
        </Boundary>
      </main>
    </div>
  );
}

function Navigation({ place }: { place: string }) {
  return (
    <nav aria-label="Pages">
      <ul>
        {PLACES.map(({ name, title, Icon }) => (
          <li key={name}>
            <a href={`#/${name}`} aria-current={name === place ? "page" : undefined}>
              <Icon />
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function CurrentPage({ path: [place, id] }: { path: string[] }) {
  if (place === "photo") return <PhotoPage />;
  if (place === "trips") return id ? <TripPage id={id} /> : <TripsPage />;
  if (place === "history") return id ? <PredictionPage id={id} /> : <HistoryPage />;
  if (place === "account") return <AccountPage />;
  return (
    <div className="stack">
      <h1>There is nothing here</h1>
      <p>
        The address may be mistyped. <a href="#/photo">Begin with a photo</a>.
      </p>
    </div>
  );
}

/** A photo is shown to nobody but whoever put it there: not after signing out, not to the next. */
function useOwnedDesk(userId: string | undefined): void {
  const desk = useDesk();
  const expired = useHasExpired();
  useLayoutEffect(() => {
    if (userId) desk.belongTo(userId);
    // Who was signed out by the service finds the photo again after signing in.
    else if (!expired) desk.clear();
  }, [desk, userId, expired]);
}

/** What a browser does on arriving at another page: its title, its top, and the focus there. */
function useArrival(
  path: string[],
  userId: string | undefined,
  main: RefObject<HTMLElement | null>,
): void {
  const before = useRef({ path, userId });
  // Before the effects of the page itself, which may know a better title.
  // biome-ignore lint/correctness/useExhaustiveDependencies: A better title was of one user's page.
  useLayoutEffect(() => {
    const title = PLACES.find(({ name }) => name === path[0])?.title;
    document.title = title ? `${title} · ${SITE}` : SITE;
  }, [path, userId]);
  useEffect(() => {
    const { current: last } = before;
    if (last.path === path && last.userId === userId) return;
    before.current = { path, userId };
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path, userId, main]);
}

/** A part of the page that is loaded when somebody goes there. */
function part<P>(load: () => Promise<ComponentType<P>>) {
  return lazy(async () => {
    try {
      return { default: await load() };
    } catch {
      throw new ConnectionError(navigator.onLine ? "unreachable" : "offline");
    }
  });
}
