// The map as a part of the page. A module of its own, so that Leaflet comes only with a map.
import { useEffect, useRef, useState } from "react";

import { useSettings } from "../app/context";
import { DrawnMap } from "./leafletMap";
import type { PlaceMapProps } from "./places";
import "./map.css";

export default function LeafletView({
  name,
  places,
  ways = NONE,
  origin,
  selected = null,
  onSelect,
}: PlaceMapProps) {
  const holder = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<DrawnMap | null>(null);
  const { tiles } = useSettings();
  // The map is made once; whom it tells may change with every rendering.
  const told = useRef(onSelect);
  useEffect(() => {
    told.current = onSelect;
  });
  useEffect(() => {
    if (!holder.current) return;
    const made = new DrawnMap(holder.current, tiles, (key) => told.current?.(key));
    setDrawn(made);
    return () => {
      setDrawn(null);
      made.remove();
    };
  }, [tiles]);
  useEffect(() => drawn?.show({ places, ways, origin }), [drawn, places, ways, origin]);
  useEffect(() => drawn?.select(selected), [drawn, selected]);
  return (
    <div
      ref={holder}
      className="map-canvas"
      role="application"
      aria-label={`${name}. Arrow keys move it, plus and minus zoom.`}
    />
  );
}

const NONE: [] = [];
