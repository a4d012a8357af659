// The map itself, without React: Leaflet with the outlines of countries, or tiles where there are.
import "leaflet/dist/leaflet.css";
import type { GeoJsonObject } from "geojson";
import {
  Control,
  GeoJSON,
  LatLng,
  LatLngBounds,
  LayerGroup,
  Map as LeafletMap,
  SVG,
  TileLayer,
} from "leaflet";

import { drawDistances, drawGrid, drawWays, latLng } from "./drawn";
import { Markers } from "./markers";
import { loadOutlines, type Outlines } from "./outlines";
import type { MapPlace, MapWay, Origin } from "./places";

/** An online map under the places, from the page's configuration. */
export interface Tiles {
  url: string;
  attribution: string;
}

export interface Shown {
  places: readonly MapPlace[];
  ways: readonly MapWay[];
  origin: Origin | undefined;
}

// From here on the outlines would be wrong by more than they help: their coasts are good to a
// kilometre or two, which is some 40 pixels at this zoom. A grid takes their place.
const GRID_FROM_ZOOM = 11;
const CLOSEST_ZOOM = 16;
const ZOOM_OF_ONE_PLACE = 13;
// For markers and their names; on the left for the buttons, too.
const ROOM: { paddingTopLeft: [number, number]; paddingBottomRight: [number, number] } = {
  paddingTopLeft: [76, 36],
  paddingBottomRight: [44, 44],
};

export class DrawnMap {
  readonly #map: LeafletMap;
  readonly #markers: Markers;
  readonly #drawings: LayerGroup;
  readonly #grid: LayerGroup;
  readonly #resized: ResizeObserver;
  readonly #copies = new Set<number>();
  #outlines: Outlines | null = null;
  #isFetching = false;
  #isRemoved = false;
  #fitted = "";
  #shown: Shown | null = null;

  constructor(
    holder: HTMLElement,
    private readonly tiles: Tiles | null,
    onSelect: (key: string) => void,
  ) {
    const calm = matches("(prefers-reduced-motion: reduce)");
    const touched = matches("(pointer: coarse)");
    this.#map = new LeafletMap(holder, {
      // With one finger the page scrolls, with two the map moves; else nobody gets past it.
      dragging: !touched,
      // The wheel scrolls the page, too, until somebody works with the map.
      scrollWheelZoom: false,
      zoomAnimation: !calm,
      fadeAnimation: !calm,
      markerZoomAnimation: !calm,
      inertia: !calm,
      // All of the world on a phone.
      minZoom: 0,
      maxZoom: 18,
      // Pictures are made for whole zooms; drawn lines fit any.
      zoomSnap: tiles ? 1 : 0.25,
      worldCopyJump: false,
      attributionControl: false,
      // Half a screen around the view is drawn, too, so that moving the map shows no bare edge.
      renderer: new SVG({ padding: 0.5 }),
    });
    this.#map.setView(new LatLng(20, 0), 1);
    new Control.Scale({ imperial: false, maxWidth: 120 }).addTo(this.#map);
    new Control.Attribution({ prefix: false })
      .addAttribution(tiles ? tiles.attribution : "Outlines: Natural Earth")
      .addTo(this.#map);
    this.#grid = new LayerGroup().addTo(this.#map);
    this.#drawings = new LayerGroup().addTo(this.#map);
    this.#markers = new Markers(this.#map, onSelect);
    this.#map.on("focus", () => this.#map.scrollWheelZoom.enable());
    this.#map.on("blur", () => this.#map.scrollWheelZoom.disable());
    this.#map.on("moveend zoomend resize", () => this.#drawGround());
    this.#resized = new ResizeObserver(() => this.#fitAnew());
    this.#resized.observe(holder);
    if (tiles) this.#layTiles(tiles);
  }

  /** Draw places and what belongs to them; the view changes only when the places do. */
  show(shown: Shown): void {
    this.#shown = shown;
    const reference = referenceOf(shown);
    this.#drawings.clearLayers();
    drawWays(this.#drawings, shown.ways, reference);
    if (shown.origin) drawDistances(this.#drawings, shown.origin, shown.places, reference);
    const of = JSON.stringify([
      shown.origin && [shown.origin.latitude, shown.origin.longitude],
      shown.places.map(({ key }) => key).sort(),
    ]);
    if (of !== this.#fitted) {
      this.#fitted = of;
      this.#fit();
    }
    this.#markers.show(shown.places, shown.origin, (point) => latLng(point, reference));
  }

  /** Point at a place, and move it into view if it is not. */
  select(key: string | null): void {
    this.#markers.select(key);
    const place = this.#shown?.places.find((one) => one.key === key);
    if (place && this.#shown) {
      this.#map.panInside(latLng(place, referenceOf(this.#shown)), ROOM);
    }
  }

  remove(): void {
    this.#isRemoved = true;
    this.#resized.disconnect();
    this.#map.remove();
  }

  #layTiles({ url }: Tiles): void {
    // Tile servers want to know which site asks them, and the page tells nobody else.
    new TileLayer(url, { maxZoom: 19, referrerPolicy: "origin" }).addTo(this.#map);
  }

  #fetchOutlines(): void {
    if (this.#isFetching) return;
    this.#isFetching = true;
    const add = (outlines: Outlines) => {
      this.#outlines = outlines;
      if (!this.#isRemoved) this.#drawGround();
    };
    // Without outlines the places, their distances and their ways are still there, and the next
    // move of the map tries again.
    const forget = () => {
      this.#isFetching = false;
    };
    loadOutlines().then(add, forget);
  }

  #drawGround(): void {
    if (this.tiles) return;
    const isNear = this.#map.getZoom() >= GRID_FROM_ZOOM;
    this.#map.getContainer().classList.toggle("is-near", isNear);
    if (isNear) {
      // Most trips stay within a city, where the world is neither seen nor worth its half a second.
      drawGrid(this.#grid, this.#map);
      return;
    }
    this.#grid.clearLayers();
    if (this.#outlines) this.#drawCopies(this.#outlines);
    else this.#fetchOutlines();
  }

  #drawCopies(outlines: Outlines): void {
    const bounds = this.#map.getBounds();
    const [west, east] = outlines.reach;
    const first = Math.ceil((bounds.getWest() - east) / 360);
    const last = Math.floor((bounds.getEast() - west) / 360);
    for (let copy = first; copy <= last; copy += 1) this.#drawOutlines(outlines, copy);
  }

  /** Draw the world once more, `copy` times 360° to the east: views lie across the date line. */
  #drawOutlines({ land, borders }: Outlines, copy: number): void {
    if (this.#copies.has(copy)) return;
    this.#copies.add(copy);
    const coordsToLatLng = (at: [number, number] | [number, number, number]) =>
      new LatLng(at[1], at[0] + 360 * copy);
    const draw = (shape: GeoJsonObject, className: string) => {
      const style = { className, interactive: false };
      const options = { style: () => style, interactive: false, coordsToLatLng };
      return new GeoJSON(shape, options).addTo(this.#map);
    };
    for (const area of land) draw(area, "map-land").bringToBack();
    draw(borders, "map-border");
    // In their order: land, borders, and what is drawn of the places above both.
    for (const group of [this.#grid, this.#drawings]) {
      group.eachLayer((layer) => {
        if ("bringToFront" in layer) (layer as { bringToFront(): void }).bringToFront();
      });
    }
  }

  #fit(): void {
    if (!this.#shown) return;
    const { places, origin } = this.#shown;
    const reference = referenceOf(this.#shown);
    const all = [...(origin ? [origin] : []), ...places].map((point) => latLng(point, reference));
    const [first] = all;
    if (!first) this.#drawGround();
    else if (all.length === 1) this.#map.setView(first, ZOOM_OF_ONE_PLACE);
    else {
      this.#map.fitBounds(new LatLngBounds(all), { ...ROOM, maxZoom: CLOSEST_ZOOM });
    }
  }

  /** The box has another size: a map that was laid out without one has to be fitted again. */
  #fitAnew(): void {
    const before = this.#map.getSize();
    this.#map.invalidateSize({ pan: false });
    if (before.x === 0 || before.y === 0) this.#fit();
  }
}

/** The longitude around which the map is drawn, so that neighbours across the date line meet. */
function referenceOf({ origin, places, ways }: Shown): number {
  const first = origin ?? places[0] ?? ways[0]?.points[0];
  return first?.longitude ?? 0;
}

function matches(query: string): boolean {
  return typeof matchMedia === "function" && matchMedia(query).matches;
}
