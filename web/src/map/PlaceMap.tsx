// A map beside a list. Everything that it shows is in the list, too: whoever does not see it, or
// has not got it because the connection went, misses the picture and nothing else.
import { Component, lazy, type ReactNode, Suspense, useRef } from "react";

import type { PlaceMapProps } from "./places";
import "./pins.css";

const LeafletView = lazy(() => import("./LeafletView"));

export function PlaceMap(props: PlaceMapProps) {
  const after = useRef<HTMLSpanElement>(null);
  return (
    <div className="place-map">
      {/* A button and not a link to an anchor: the address after # says which page this is. */}
      <button
        type="button"
        className="map-skip button"
        onClick={() => after.current?.focus({ preventScroll: false })}
      >
        Skip the map
      </button>
      <WithoutMap>
        <Suspense fallback={<p className="map-canvas map-missing">The map is coming …</p>}>
          <LeafletView {...props} />
        </Suspense>
      </WithoutMap>
      <p className="hint map-hint">Move and zoom the map with two fingers.</p>
      <span ref={after} tabIndex={-1} className="map-end">
        <span className="visually-hidden">End of the map</span>
      </span>
    </div>
  );
}

/** Says so where the map could not be fetched, in place of taking the whole page down. */
class WithoutMap extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <p className="map-canvas map-missing">
        The map could not be loaded. The list has everything that it would show.
      </p>
    );
  }
}
