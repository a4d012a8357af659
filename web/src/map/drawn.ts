// What of a map changes with its places: lines, rings and the grid.
// Everything has a class and its colours in map.css, so that light and dark follow without a redraw.
import {
  Circle,
  DivIcon,
  LatLng,
  type LayerGroup,
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
import type { MapPlace, MapWay, Origin } from "./places";

const SMALLEST_SQUARE_PX = 90;

/** Ways between stops. */
export function drawWays(group: LayerGroup, ways: readonly MapWay[], reference: number): void {
  for (const { points, tone } of ways) {
    if (points.length < 2) continue;
    const line = points.map((point) => latLng(point, reference));
    const className = `map-way tone-${(tone ?? 0) % 6}`;
    group.addLayer(new Polyline(line, { className, interactive: false }));
  }
}

/** Circles that say how far things are from where one is, and lines to the places. */
export function drawDistances(
  group: LayerGroup,
  origin: Origin,
  places: readonly MapPlace[],
  reference: number,
): void {
  const centre = latLng(origin, reference);
  const farthest = places.reduce<Point>(
    (sofar, place) => (distanceKm(origin, place) > distanceKm(origin, sofar) ? place : sofar),
    origin,
  );
  const farthestKm = distanceKm(origin, farthest);
  const radii = ringRadiiKm(farthestKm);
  for (const radiusKm of radii) {
    const ring = { radius: radiusKm * 1000, className: "map-ring", interactive: false };
    group.addLayer(new Circle(centre, ring));
    // On the way to the farthest place, where the map is sure to show it.
    const at = between(centre, latLng(farthest, reference), radiusKm / farthestKm);
    group.addLayer(text(at, "map-ring-label", distanceInKm(radiusKm)));
  }
  // Where there are no rings the places lie around the world, and lines to them say nothing.
  for (const place of radii.length > 0 ? places : []) {
    const line = [centre, latLng(place, reference)];
    group.addLayer(new Polyline(line, { className: "map-ray", interactive: false }));
  }
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

function between(from: LatLng, to: LatLng, share: number): LatLng {
  return new LatLng(from.lat + (to.lat - from.lat) * share, from.lng + (to.lng - from.lng) * share);
}

function text(at: LatLng, className: string, words: string): Marker {
  const html = document.createElement("span");
  html.textContent = words;
  html.setAttribute("aria-hidden", "true");
  const icon = new DivIcon({ html, className, iconSize: [0, 0] });
  return new Marker(at, { icon, interactive: false, keyboard: false });
}
