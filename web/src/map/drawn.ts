// What of a map changes with its places: markers with their names, lines, rings and the grid.
// Everything has a class and its colours in map.css, so that light and dark follow without a redraw.
import {
  Circle,
  DivIcon,
  DomEvent,
  LatLng,
  LayerGroup,
  type Map as LeafletMap,
  Marker,
  Polyline,
} from "leaflet";

import { distanceInKm } from "../places/words";
import {
  distanceKm,
  gridLines,
  longitudeNear,
  type Point,
  ringRadiiKm,
  roundNumberAbove,
} from "./earth";
import { type Labelled, placeLabels } from "./labels";
import type { MapPlace, MapWay, Origin } from "./places";

const SMALLEST_SQUARE_PX = 90;
// Of a name in the map's font: to know its room without laying it out first.
const CHARACTER_PX = 6.6;
const LABEL_PADDING_PX = 8;
const MARKER_PX = 44;

/** Places as buttons that are real ones: they have a name and answer to the keyboard by themselves. */
export class Markers {
  readonly #group = new LayerGroup();
  readonly #shown = new Map<string, { marker: Marker; button: HTMLButtonElement; name: string }>();
  #selected: string | null = null;

  constructor(
    private readonly map: LeafletMap,
    private readonly onSelect: (key: string) => void,
  ) {
    this.#group.addTo(map);
    map.on("zoomend moveend resize", () => this.#label());
  }

  show(places: readonly MapPlace[], reference: number): void {
    this.#group.clearLayers();
    this.#shown.clear();
    for (const place of places) this.#add(place, reference);
    this.select(this.#selected);
    this.#label();
  }

  select(key: string | null): void {
    this.#selected = key;
    for (const [of, { marker, button }] of this.#shown) {
      const isSelected = of === key;
      button.classList.toggle("is-selected", isSelected);
      marker.setZIndexOffset(isSelected ? 1000 : 0);
    }
  }

  #add(place: MapPlace, reference: number): void {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `map-pin tone-${(place.tone ?? 0) % 6}`;
    button.setAttribute("aria-label", place.number ? `${place.number}: ${place.name}` : place.name);
    const pin = document.createElement("span");
    pin.className = "map-pin-dot";
    pin.textContent = place.number ? String(place.number) : "";
    const label = document.createElement("span");
    label.className = "map-label";
    label.textContent = place.name;
    button.append(pin, label);
    button.addEventListener("click", () => this.onSelect(place.key));
    DomEvent.disableClickPropagation(button);
    const icon = new DivIcon({
      html: button,
      className: "map-marker",
      iconSize: [MARKER_PX, MARKER_PX],
    });
    const marker = new Marker(latLng(place, reference), {
      icon,
      interactive: false,
      keyboard: false,
    });
    this.#group.addLayer(marker);
    this.#shown.set(place.key, { marker, button, name: place.name });
  }

  #label(): void {
    const shown = [...this.#shown.values()];
    const { x: width, y: height } = this.map.getSize();
    const labelled = shown.map(({ marker, name }): Labelled => {
      const { x, y } = this.map.latLngToContainerPoint(marker.getLatLng());
      return { x, y, width: Math.min(name.length * CHARACTER_PX, 160) + LABEL_PADDING_PX };
    });
    const sides = placeLabels(labelled, { width, height });
    shown.forEach(({ button }, at) => {
      button.dataset.side = sides[at] ?? "none";
    });
  }
}

/** Ways between stops. */
export function drawWays(group: LayerGroup, ways: readonly MapWay[], reference: number): void {
  for (const { points, tone } of ways) {
    if (points.length < 2) continue;
    const line = points.map((point) => latLng(point, reference));
    const className = `map-way tone-${(tone ?? 0) % 6}`;
    group.addLayer(new Polyline(line, { className, interactive: false }));
  }
}

/** Where one is, circles around it that say how far things are, and lines to the places. */
export function drawOrigin(
  group: LayerGroup,
  origin: Origin,
  places: readonly MapPlace[],
  reference: number,
): void {
  const centre = latLng(origin, reference);
  const farthestKm = Math.max(0, ...places.map((place) => distanceKm(origin, place)));
  const radii = ringRadiiKm(farthestKm);
  for (const radiusKm of radii) {
    const ring = { radius: radiusKm * 1000, className: "map-ring", interactive: false };
    group.addLayer(new Circle(centre, ring));
    group.addLayer(text(north(centre, radiusKm), "map-ring-label", distanceInKm(radiusKm)));
  }
  // Where there are no rings the places lie around the world, and lines to them say nothing.
  for (const place of radii.length > 0 ? places : []) {
    const line = [centre, latLng(place, reference)];
    group.addLayer(new Polyline(line, { className: "map-ray", interactive: false }));
  }
  group.addLayer(text(centre, "map-origin", ""));
  group.addLayer(text(centre, "map-origin-label", origin.name));
}

/** A grid in squares of a round number of kilometres, where the outlines have nothing to show. */
export function drawGrid(group: LayerGroup, map: LeafletMap): void {
  group.clearLayers();
  const bounds = map.getBounds();
  const { x: width } = map.getSize();
  const middle = bounds.getCenter().lat;
  const acrossKm = distanceKm(
    { latitude: middle, longitude: bounds.getWest() },
    { latitude: middle, longitude: bounds.getEast() },
  );
  if (!(width > 0 && acrossKm > 0)) return;
  const spacingKm = roundNumberAbove((acrossKm / width) * SMALLEST_SQUARE_PX);
  const around = bounds.pad(0.5);
  const box = {
    south: around.getSouth(),
    west: around.getWest(),
    north: around.getNorth(),
    east: around.getEast(),
  };
  for (const [from, to] of gridLines(box, spacingKm)) {
    const line = [new LatLng(from.latitude, from.longitude), new LatLng(to.latitude, to.longitude)];
    group.addLayer(new Polyline(line, { className: "map-grid", interactive: false }));
  }
}

/** A position as Leaflet has it, on the side of the date line where the other places are. */
export function latLng(point: Point, reference: number): LatLng {
  return new LatLng(point.latitude, longitudeNear(point.longitude, reference));
}

function north(centre: LatLng, km: number): LatLng {
  return new LatLng(centre.lat + km / 111.195, centre.lng);
}

function text(at: LatLng, className: string, words: string): Marker {
  const html = document.createElement("span");
  html.textContent = words;
  html.setAttribute("aria-hidden", "true");
  const icon = new DivIcon({ html, className, iconSize: [0, 0] });
  return new Marker(at, { icon, interactive: false, keyboard: false });
}
